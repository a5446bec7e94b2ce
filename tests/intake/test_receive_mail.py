"""The pipe of a mail server."""

import os
import subprocess
import sys
from io import BytesIO, StringIO, TextIOWrapper

import pytest
from django.core.management import call_command
from pytest_django import Settings

from apps.intake.models import Channel, Receipt
from tests.clients.factories import AdministrationFactory
from tests.intake.factories import MailboxFactory
from tests.intake.mails import SENDER, invoice_mail
from tests.processes import Place
from tests.shared import ROOT

WHOLE = invoice_mail().as_bytes()


def pipe(monkeypatch: pytest.MonkeyPatch, content: bytes, *arguments: str) -> tuple[int, str]:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(content)))
    errors = StringIO()
    try:
        call_command("receive_mail", *arguments, stderr=errors)
    except SystemExit as end:
        return int(str(end.code)), errors.getvalue()
    return 0, errors.getvalue()


@pytest.mark.django_db
def test_a_mail_is_kept_once_for_each_recipient(monkeypatch: pytest.MonkeyPatch) -> None:
    bakery = AdministrationFactory(slug="bakkerij")
    for _delivery in range(2):
        assert pipe(monkeypatch, WHOLE, "--recipient", "Post+Bakkerij@kantoor.example") == (0, "")
    receipt = Receipt.objects.get()
    assert (receipt.channel, receipt.sender, receipt.administration) == (Channel.MAIL, SENDER, bakery)
    assert receipt.recipient == "post+bakkerij@kantoor.example"
    assert receipt.message and receipt.message.content() == WHOLE
    pipe(monkeypatch, WHOLE, "--recipient", "post+molen@kantoor.example")
    assert Receipt.objects.latest("pk").administration is None
    assert Receipt.objects.count() == 2


@pytest.mark.django_db
def test_an_alias_or_a_mailbox_of_its_own_names_an_administration(monkeypatch: pytest.MonkeyPatch) -> None:
    bakery = AdministrationFactory(slug="bakkerij")
    MailboxFactory(address="inkoop@bakkerij.example", administration=bakery)
    for address in ("bakkerij@kantoor.example", "inkoop@bakkerij.example"):
        pipe(monkeypatch, WHOLE, "--recipient", address)
        assert Receipt.objects.latest("pk").administration == bakery


@pytest.mark.django_db
def test_without_a_recipient_the_headers_say_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pipe(monkeypatch, WHOLE)[0] == 0
    assert Receipt.objects.get().recipient == "post@kantoor.example"


@pytest.mark.django_db
@pytest.mark.parametrize(("content", "word"), [(b" \n", "leeg|empty"), (b"x" * 2000, "MB")])
def test_what_is_refused_goes_back_to_its_sender(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, content: bytes, word: str
) -> None:
    settings.MAX_MAIL_BYTES = 1000
    code, words = pipe(monkeypatch, content)
    assert code == os.EX_DATAERR
    assert any(one in words for one in word.split("|"))
    assert not Receipt.objects.exists()


def run(place: Place, *, database: str = "") -> "subprocess.CompletedProcess[bytes]":
    environment = {**place.environment, **({"DATABASE_URL": database} if database else {})}
    command = [sys.executable, "manage.py", "receive_mail", "--recipient", "post@kantoor.example"]
    return subprocess.run(
        command, input=WHOLE, env=environment, cwd=ROOT, capture_output=True, timeout=60, check=False
    )


def test_as_a_mail_server_runs_it(place: Place) -> None:
    away = f"sqlite:///{place.data_dir / 'nowhere' / 'x.sqlite3'}"
    failed = run(place, database=away)
    assert failed.returncode == os.EX_TEMPFAIL, failed.stderr
    for _delivery in range(2):
        assert run(place).returncode == 0
    out = place.run(
        "manage.py", "shell", "-v0", "-c", "from apps.intake.models import *; print(Receipt.objects.count())"
    )
    assert out.split()[-1] == "1"


@pytest.mark.django_db
def test_a_recipient_in_unknown_letters_is_no_reason_to_send_it_back(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pipe(monkeypatch, WHOLE, "--recipient", "post+caf\udce9@kantoor.example") == (0, "")
    assert Receipt.objects.get().recipient == "post+caf?@kantoor.example"
