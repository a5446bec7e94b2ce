"""The main job from a fresh machine: connect, link, take in the sample invoices, book what can be booked."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Min

from apps.clients.models import Administration, Assignment, Client, Mode
from apps.core import clock
from apps.exact import linking, registration, signing_in, syncing
from apps.exact.models import Connection, Division
from apps.exact.visitor import Visitor
from apps.intake.keeping import keep
from apps.intake.models import Channel
from apps.invoices.delivering import deliver
from apps.invoices.due import divisions_with_work
from apps.invoices.processing import code_one
from apps.invoices.reading_parts import receive_safely
from apps.invoices.receiving import Received
from apps.people.models import User
from apps.posting.models import Posting
from apps.rules import vat_table

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
WHO = "demo"
LONGEST_WAIT = 61  # seconds
Say = Callable[[str], None]


def settings_of_the_demo() -> dict[str, Any]:
    """Return fixtures/demo.json: the mode of each division, and the people."""
    content: dict[str, Any] = json.loads((FIXTURES / "demo.json").read_text())
    return content


def connect(say: Say) -> Connection:
    """Return a living connection to the sandbox; signs in through the real code flow when there is none."""
    app = registration.default_app()
    alive: Connection | None = Connection.objects.filter(app=app, status="alive").first()
    if alive:
        return alive
    say("signing in at Exact Online (sandbox)")
    divisions = [int(code) for code in settings_of_the_demo()["modes"]]
    return signing_in.complete(Visitor().consent(signing_in.begin(app), divisions=divisions))


def link(say: Say) -> list[Administration]:
    """Sync and link each division of the demo, with its proposed VAT table and journal accepted."""
    administrations = []
    for code, mode in settings_of_the_demo()["modes"].items():
        division = Division.objects.select_related("app", "connection").get(code=code)
        is_new = division.administration is None
        administration = division.administration or linking.create_for(division)
        say(f"syncing {division.name}")
        syncing.make_due(division)
        syncing.run(division)
        if is_new:
            vat_table.propose(administration)
            vat_table.confirm(administration, by=WHO)
            administration.purchase_journal = vat_table.propose_journal(administration)
            administration.mode = Mode(mode)
            administration.save(update_fields=["purchase_journal", "mode"])
        administrations.append(administration)
    return administrations


def take_in(say: Say) -> Iterator[tuple[str, Received]]:
    """Take in every sample document; yield its file name and what became of it."""
    files = sorted((FIXTURES / "documents").glob("*.xml"))
    for place, path in enumerate(files, start=1):
        receipt = keep([(path.name, path.read_bytes())], channel=Channel.COMMAND, subject=path.name)
        received = receive_safely(receipt.parts.select_related("receipt", "original").get())
        if received.invoice and received.invoice.administration_id:
            code_one(received.invoice)
        if place % 10 == 0 or place == len(files):
            say(f"read {place} of {len(files)} documents")
        yield path.name, received


def book(say: Say) -> None:
    """Book everything that is ready, without the minutes for undo; waits out Exact's limit of calls a minute."""
    for division in divisions_with_work():
        drained = deliver(division, at_once=True)
        for _round in range(3):
            say(f"{division.name}: {drained.done} booked, {drained.refused} refused, {drained.calls} calls")
            next_at = (
                Posting.objects.filter(division=division).open().aggregate(at=Min("next_attempt_at"))["at"]
            )
            if not drained.stopped or next_at is None:
                break
            pause = max(0.0, (next_at - clock.now()).total_seconds()) + 1
            if pause > LONGEST_WAIT:
                break
            say(f"Exact's limit of calls a minute is reached; going on in {pause:.0f} seconds")
            time.sleep(pause)
            drained = deliver(division, at_once=True)


def people(password: str) -> list[User]:
    """Make the people of the demo and an administrator, all with `password`; return them, administrator first."""
    everybody = [_person("admin@postkamer.example", password, is_superuser=True, role="administrator")]
    for values in settings_of_the_demo()["people"]:
        clients = values.pop("clients")
        user = _person(values.pop("email"), password, **values)
        wanted = Client.objects.all() if clients == ["*"] else Client.objects.filter(name__in=clients)
        for client in wanted:
            Assignment.objects.get_or_create(user=user, client=client)
        everybody.append(user)
    return everybody


def _person(email: str, password: str, **values: Any) -> User:
    user = User.objects.filter(email=email).first()
    return user or User.objects.create_user(email, password, **values)
