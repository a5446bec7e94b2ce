"""`manage.py process`: read and code everything that waits, now and in this process."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.invoices.processing import process


class Command(BaseCommand):
    help = "Reads what was kept and codes what was received, now."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{process()} parts read")
