from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from pytest_django import Settings

from apps.core.rotation import encrypted_models
from apps.exact.models import Connection, ExactApp


def _rotate() -> str:
    out = StringIO()
    call_command("rotate_tokens", stdout=out)
    return out.getvalue()


def test_every_model_with_secrets_is_found() -> None:
    names = {model.__name__: columns for model, columns in encrypted_models()}
    assert names["ExactApp"] == ["client_secret", "webhook_secret"]
    assert names["Connection"] == ["access_token", "refresh_token"]


def test_no_history_keeps_a_secret() -> None:
    assert not [model.__name__ for model, _ in encrypted_models() if model.__name__.startswith("Historical")]


def test_after_rotation_the_old_key_is_needed_no_more(connected: Connection, settings: Settings) -> None:
    before = (connected.access_token, connected.refresh_token, connected.app.client_secret)
    newest = Fernet.generate_key().decode()
    settings.TOKEN_KEYS = [newest, *settings.TOKEN_KEYS]
    assert "exact.Connection: 1 rows" in _rotate()
    settings.TOKEN_KEYS = [newest]
    stored = Connection.objects.select_related("app").get(pk=connected.pk)
    assert (stored.access_token, stored.refresh_token, stored.app.client_secret) == before


@pytest.mark.django_db
def test_a_row_that_no_key_opens_is_named_and_left_alone(settings: Settings) -> None:
    values = {"base_url": "https://x.example", "client_id": "1", "redirect_uri": "https://y.example"}
    keys = settings.TOKEN_KEYS
    lost = ExactApp.objects.create(name="lost", client_secret="hush", **values)
    settings.TOKEN_KEYS = [Fernet.generate_key().decode()]
    kept = ExactApp.objects.create(name="kept", client_secret="psst", **values)
    with pytest.raises(CommandError, match=f"exact.ExactApp {lost.pk}$"):
        _rotate()
    assert ExactApp.objects.get(pk=kept.pk).client_secret == "psst"
    settings.TOKEN_KEYS = keys
    assert ExactApp.objects.get(pk=lost.pk).client_secret == "hush"
