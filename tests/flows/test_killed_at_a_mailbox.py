"""A worker killed with -9 while it puts a document into a digital mailbox: it lies there once, or a person is asked."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest

from tests import smtp
from tests.flows.mailboxes import OURS
from tests.flows.test_killed_worker import begin, sandbox_rows, wait_until_stalled
from tests.processes import Place
from tests.smtp import HELD_BACK, MailServer

SET_UP = """
import django
django.setup()
from apps.exact import registration, signing_in
from apps.exact.models import Division
from apps.exact.visitor import Visitor
from apps.intake.keeping import keep
from apps.invoices.demo import FIXTURES
from apps.invoices.processing import process
from apps.sandbox import faults
from tests.flows.conftest import BAKERY, link
from tests.flows.mailboxes import by_mail, prepare
signing_in.complete(Visitor().consent(signing_in.begin(registration.default_app()), divisions=[BAKERY]))
link(BAKERY)
prepare(Division.objects.get(code=BAKERY))
name = "01-zwaluw-bloem.xml"
keep([(name, (FIXTURES / "documents" / name).read_bytes())], channel="upload")
process()
"""
BY_MAIL = "by_mail()\n"
STALL = 'faults.arm("{fault}", method="POST", path="{path}", seconds=60)\n'
TELL = """
import django, json
django.setup()
from apps.invoices.models import Invoice
invoice = Invoice.objects.get()
print(json.dumps([invoice.state, invoice.outcome, invoice.detail, invoice.posting.reference]))
"""
TAKE = """
import django, pathlib, sys
django.setup()
from apps.sandbox.exact import messages
(document,) = messages.take_mail(pathlib.Path(sys.argv[2]).read_bytes(), to=sys.argv[1])
"""
IN_EXACT = (
    "SELECT resource, count(*) FROM sandbox_row WHERE resource IN ('mailbox/MailMessagesSent', "
    "'mailbox/MailMessageAttachments') OR data LIKE '%[PK-%' GROUP BY resource"
)


@pytest.fixture
def world(place: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    """An installation of its own in which nobody is waited for long."""
    monkeypatch.setenv("DIVISION_LEASE_SECONDS", "3")
    monkeypatch.setenv("SETTLE_SECONDS", "0")
    return place


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """The mail server of that installation."""
    with smtp.running() as running:
        monkeypatch.setenv("EMAIL_URL", f"smtp://127.0.0.1:{running.port}")
        monkeypatch.setenv("EXACT_MAILBOX_FROM", OURS)
        yield running


def kill_once(world: Place, is_stalled: Callable[[], object]) -> None:
    """Start a worker, and kill it where it stalls."""
    worker = begin(world, "manage.py", "deliver")
    try:
        is_stalled()
        time.sleep(0.5)
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()


def told(world: Place) -> tuple[str, str, str, str]:
    state, outcome, detail, reference = json.loads(world.run("-c", TELL))
    return state, outcome, detail, reference


@pytest.mark.parametrize(
    ("fault", "path"),
    [
        ("stall", "mailbox/MailMessagesSent"),
        ("stall_answer", "mailbox/MailMessagesSent"),
        ("stall", "mailbox/MailMessageAttachments"),
        ("stall_answer", "mailbox/MailMessageAttachments"),
    ],
)
def test_by_api_the_next_worker_goes_on_where_it_was(world: Place, fault: str, path: str) -> None:
    world.run("-c", SET_UP + STALL.format(fault=fault, path=path))
    kill_once(world, lambda: wait_until_stalled(world))
    world.run("manage.py", "deliver", "--json")
    assert told(world)[:2] == ("DONE", "handed_over")
    assert dict(sandbox_rows(world, IN_EXACT)) == {
        "mailbox/MailMessagesSent": 1,
        "mailbox/MailMessageAttachments": 1,
        "documents/Documents": 1,
    }


def test_a_mail_of_which_nothing_was_sent_yet_goes_once(world: Place, server: MailServer) -> None:
    world.run("-c", SET_UP + BY_MAIL)
    server.troubles.append(("RCPT", HELD_BACK))
    kill_once(world, lambda: server.holding.wait(30))
    world.run("manage.py", "deliver", "--json")
    assert told(world)[:2] == ("DONE", "handed_over")
    assert len(server.mails) == 1


@pytest.mark.parametrize("command", ["DATA", ".", "taken"])
def test_a_mail_without_an_answer_leaves_a_question_and_is_never_sent_again(
    world: Place, server: MailServer, command: str
) -> None:
    world.run("-c", SET_UP + BY_MAIL)
    server.troubles.append((command, HELD_BACK))
    kill_once(world, lambda: server.holding.wait(30))
    assert server.holding.is_set()
    for _time in range(2):
        world.run("manage.py", "deliver", "--json")
    state, _outcome, detail, reference = told(world)
    assert (state, reference in detail) == ("UNCERTAIN", True)
    assert len(server.mails) == (1 if command == "taken" else 0)
    for to, content in server.mails:
        path = world.data_dir / "mail.eml"
        path.write_bytes(content)
        world.run("-c", TAKE, to, str(path))
    world.run("manage.py", "deliver", "--json")
    assert told(world)[0] == ("DONE" if command == "taken" else "UNCERTAIN")
