from typing import Any

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.exceptions import FieldError
from django.db import connection
from pytest_django import Settings

from apps.core.fields import PREFIX
from apps.exact.models import ExactApp

pytestmark = pytest.mark.django_db


def _app(secret: str = "hush") -> ExactApp:
    return ExactApp.objects.create(
        name="app",
        base_url="https://x.example",
        client_id="1",
        client_secret=secret,
        redirect_uri="https://y.example",
    )


def _stored(app: ExactApp) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT client_secret FROM exact_exactapp WHERE id = %s", [app.pk])
        return cursor.fetchone()[0]


def _store(app: ExactApp, text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE exact_exactapp SET client_secret = %s WHERE id = %s", [text, app.pk])


def test_a_secret_comes_back_and_is_unreadable_in_the_column() -> None:
    app = _app("hush")
    assert ExactApp.objects.get(pk=app.pk).client_secret == "hush"
    assert _stored(app).startswith(PREFIX)
    assert "hush" not in _stored(app)


def test_nothing_stays_nothing() -> None:
    app = _app("")
    assert _stored(app) == ""
    assert ExactApp.objects.get(pk=app.pk).client_secret == ""


def test_a_wrong_key_raises_and_never_looks_like_a_value(settings: Settings) -> None:
    app = _app()
    settings.TOKEN_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(InvalidToken):
        ExactApp.objects.get(pk=app.pk)


def test_plain_text_in_the_column_raises() -> None:
    app = _app()
    _store(app, "hush")
    with pytest.raises(ValueError, match="Plain text"):
        ExactApp.objects.get(pk=app.pk)


def test_an_older_key_still_reads_and_the_newest_writes(settings: Settings) -> None:
    app = _app()
    newest = Fernet.generate_key().decode()
    settings.TOKEN_KEYS = [newest, *settings.TOKEN_KEYS]
    assert ExactApp.objects.get(pk=app.pk).client_secret == "hush"
    ExactApp.objects.filter(pk=app.pk).update(client_secret="hush")
    settings.TOKEN_KEYS = [newest]
    assert ExactApp.objects.get(pk=app.pk).client_secret == "hush"


@pytest.mark.parametrize("lookup", ["client_secret", "client_secret__contains", "client_secret__in"])
def test_nobody_searches_a_secret(lookup: str) -> None:
    with pytest.raises(FieldError):
        ExactApp.objects.filter(**{lookup: "hush"})


def test_whether_there_is_one_may_be_asked() -> None:
    _app()
    assert ExactApp.objects.filter(client_secret__isnull=False).count() == 1


def test_no_form_shows_it() -> None:
    assert not ExactApp._meta.get_field("client_secret").editable
