"""Text that is encrypted at rest."""

from functools import cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models

PREFIX = "f1:"


@cache
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def box() -> MultiFernet:
    """Return the cipher of settings.TOKEN_KEYS; the first key writes, all of them read."""
    return _box(tuple(settings.TOKEN_KEYS))


class EncryptedTextField(models.TextField[str, str]):
    """A text column that holds Fernet ciphertext (prefix `f1:`).

    Reading raises cryptography's InvalidToken under a wrong key and ValueError on plain text in the column,
    so that a wrong key never looks like a value. Only `isnull` may be queried.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def get_prep_value(self, value: Any) -> Any:
        if value is None or value == "":
            return value
        return PREFIX + box().encrypt(str(value).encode()).decode()

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        if not value:
            return value
        if not value.startswith(PREFIX):
            raise ValueError(f"Plain text in the encrypted column {self.name}.")
        return box().decrypt(value.removeprefix(PREFIX).encode()).decode()

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"Encrypted column {self.name} cannot be searched by {lookup_name}.")
        return super().get_lookup(lookup_name)
