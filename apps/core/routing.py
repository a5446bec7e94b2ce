"""Which rows live in which database: the sandbox has its own, everything else is in `default`."""

from typing import Any

from django.db.models import Model

SANDBOX = "sandbox"


class SandboxRouter:
    """Django database router: label `sandbox` to the database of that name, the rest to `default`."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return SANDBOX if model._meta.app_label == SANDBOX else None

    def db_for_write(self, model: type[Model], **hints: Any) -> str | None:
        return self.db_for_read(model)

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool | None:
        return None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return (app_label == SANDBOX) == (db == SANDBOX)
