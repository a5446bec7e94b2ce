"""`manage.py rotate_tokens`: after a new key was put first in TOKEN_KEYS."""

from typing import Any

from django.core.management.base import CommandError

from apps.core.commands import HouseCommand
from apps.core.rotation import encrypted_models, rotate


class Command(HouseCommand):
    """Encrypts every token and secret anew; afterwards the old keys may go from TOKEN_KEYS."""

    help = "Encrypt every stored token and secret anew with the first key of TOKEN_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        unreadable: list[str] = []
        for model, names in encrypted_models():
            done, lost = rotate(model, names)
            unreadable += lost
            self.stdout.write(f"{model._meta.label}: {done} rows")
        if unreadable:
            raise CommandError("No key in TOKEN_KEYS opens: " + ", ".join(unreadable))
