"""Encrypts every secret anew, with the newest key."""

from collections.abc import Iterator

from cryptography.fernet import InvalidToken
from django.apps import apps
from django.db import models, transaction

from apps.core.fields import EncryptedTextField


def encrypted_models() -> Iterator[tuple[type[models.Model], list[str]]]:
    """Yield each model that has encrypted columns, with their names."""
    for model in apps.get_models():
        names = [field.name for field in model._meta.fields if isinstance(field, EncryptedTextField)]
        if names and model._meta.managed:
            yield model, names


def rotate(model: type[models.Model], names: list[str]) -> tuple[int, list[str]]:
    """Write the columns `names` of every row of `model` anew; return how many rows, and those no key opens.

    Each row is read and written under its own lock, so that a token stored meanwhile is never lost.
    """
    done, unreadable = 0, []
    for pk in model._base_manager.values_list("pk", flat=True):
        try:
            with transaction.atomic():
                row = model._base_manager.select_for_update().only("pk", *names).filter(pk=pk).first()
                if row:
                    values = {name: getattr(row, name) for name in names}
                    done += model._base_manager.filter(pk=pk).update(**values)
        except (InvalidToken, ValueError):
            unreadable.append(f"{model._meta.label} {pk}")
    return done, unreadable
