"""`manage.py process`: read and code everything that waits, now and in this process."""

from typing import Any

from apps.core.commands import HouseCommand
from apps.invoices.processing import process


class Command(HouseCommand):
    help = "Reads what was kept and codes what was received, now."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{process()} parts read")
