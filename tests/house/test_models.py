from collections.abc import Iterator
from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import models

from apps.clients.models import Administration
from apps.core.queue import ScheduledTask
from config.schedules import SCHEDULES

OWN = [model for model in apps.get_models() if model.__module__.startswith("apps.")]
HISTORY = [model for model in OWN if model.__name__.startswith("Historical")]


def _parents(model: type[models.Model]) -> Iterator[type[models.Model]]:
    for field in model._meta.fields:
        if isinstance(field, models.ForeignKey) and not model.__name__.startswith("Historical"):
            yield field.related_model


def _hangs_on_an_administration(model: type[models.Model], seen: frozenset[Any] = frozenset()) -> bool:
    if model is Administration:
        return True
    return any(
        _hangs_on_an_administration(parent, seen | {model})
        for parent in _parents(model)
        if parent not in seen
    )


CONFIDENTIAL = [model for model in OWN if model not in HISTORY and _hangs_on_an_administration(model)]


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    out = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=out)
    assert "No changes detected" in out.getvalue()


def test_there_are_models_to_guard() -> None:
    assert {"Invoice", "InvoiceLine", "Posting", "Relation", "Question"} <= {m.__name__ for m in CONFIDENTIAL}


@pytest.mark.parametrize("model", CONFIDENTIAL, ids=lambda model: model._meta.label)
def test_every_model_of_an_administration_says_who_may_see_it(model: type[models.Model]) -> None:
    assert hasattr(model._default_manager.all(), "visible_to")


@pytest.mark.django_db
@pytest.mark.parametrize("model", CONFIDENTIAL, ids=lambda model: model._meta.label)
def test_a_visitor_sees_nothing_of_it(model: Any) -> None:
    assert not model._default_manager.all().visible_to(AnonymousUser()).exists()


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda schedule: schedule.name)
def test_every_schedule_names_a_task_that_exists(schedule: ScheduledTask) -> None:
    module, _, name = schedule.task.rpartition(".")
    assert callable(getattr(import_module(module), name))


def test_every_bell_names_a_task_that_exists(settings: Any) -> None:
    for task in (path for paths in settings.BELLS.values() for path in paths):
        module, _, name = task.rpartition(".")
        assert callable(getattr(import_module(module), name)), task
