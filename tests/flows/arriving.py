"""How orders come in, by the doors themselves, and the minutes of the workers that go on with them."""

import sys
from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO, TextIOWrapper

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse
from django.utils.module_loading import import_string

from apps.core.queue import OrmQ
from apps.orders import due, tasks
from apps.sandbox import time
from tests.intake import mails

BELLS_AT_ONCE = 500


def by_mail(content: bytes, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the mail server hand over a mail with this file."""
    made = mails.message(subject="Bestelling")
    mails.attach(made, content, name)
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(made.as_bytes())))
    call_command("receive_mail")
    work()


def by_upload(browser: Browser, content: bytes, name: str) -> None:
    """Upload a file on the page for that."""
    upload(browser, [(name, content)])


def upload(browser: Browser, files: Sequence[tuple[str, bytes]]) -> None:
    """Upload files, by name, on the page for that, and have them read."""
    sent = {"documents": [SimpleUploadedFile(name, content) for name, content in files]}
    assert browser.post(reverse("admin:intake_receipt_upload"), sent).status_code == 302
    work()


def work(minutes: int = 1) -> None:
    """Do what the workers do in some minutes: what bells ask, the sweep, and the delivery of what is due."""
    for _minute in range(minutes):
        _hear()
        tasks.sweep()
        for division in due.divisions_due():
            tasks.deliver(division)
        _hear()
        time.advance(timedelta(minutes=1))


def _hear() -> None:
    for _bell in range(BELLS_AT_ONCE):
        bell = OrmQ.objects.order_by("pk").first()
        if bell is None:
            return
        task, keys = bell.func(), bell.args()
        bell.delete()
        import_string(task)(*keys)
    raise AssertionError("The bells do not come to an end.")
