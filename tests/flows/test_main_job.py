"""The whole main job, as `manage.py demo` does it: every document ends as its sender's file says it should."""

import json
from typing import Any

import pytest
from pytest_django import Settings

from apps.intake.models import PartOutcome
from apps.invoices import demo
from apps.invoices.models import Invoice, State
from apps.invoices.outcomes import NAMES
from apps.invoices.standing import summary
from apps.posting.models import Posting
from apps.sandbox.models import Row, Switches

EXPECTED: dict[str, dict[str, Any]] = json.loads((demo.FIXTURES / "expected.json").read_text())
AUTOMATIC = (3100101, 3100201)


def quiet(_text: str) -> None:
    """Progress that nobody reads."""


def run() -> dict[str, str]:
    demo.connect(quiet)
    demo.link(quiet)
    became = {file: received.part.outcome for file, received in demo.take_in(quiet)}
    demo.book(quiet)
    return became


@pytest.fixture
def roomy(db: None, settings: Settings) -> None:
    """No limit of calls stands in the way of a long story."""
    Switches.objects.update(minute_limit=10_000)


@pytest.mark.usefixtures("roomy")
def test_every_sample_document_ends_as_meant() -> None:
    became = run()
    for file, meant in EXPECTED.items():
        if meant["outcome"] != "invoice":
            assert NAMES.get(PartOutcome(became[file]), "rejected") == meant["outcome"], file
            continue
        invoice = Invoice.objects.select_related("administration__division").get(part__filename=file)
        code = invoice.administration.division.code if invoice.administration else None
        assert (invoice.cause or None, code) == (meant["cause"], meant["division"]), (file, invoice.detail)
        if meant["bookable"] and meant["division"] in AUTOMATIC:
            assert invoice.state == State.DONE, (file, invoice.proposed_because)
            assert invoice.exact_number, file


@pytest.mark.usefixtures("roomy")
def test_the_counts_add_up_and_a_second_run_books_nothing_twice() -> None:
    run()
    first, entries = summary(), own_entries()
    assert first["booked"] == len(entries) >= 20
    assert first["documents"] == len(EXPECTED)
    run()
    second = summary()
    assert second["booked"] == first["booked"]
    assert own_entries() == entries
    assert second["duplicates"] > first["duplicates"]
    assert second["documents"] == 2 * len(EXPECTED)


@pytest.mark.usefixtures("roomy")
def test_what_is_booked_in_exact_equals_the_document_to_the_cent() -> None:
    run()
    entries = {row.data["ExternalLinkReference"]: row.data for row in entry_rows()}
    for posting in Posting.objects.select_related("invoice"):
        invoice = posting.invoice
        if invoice.state != State.DONE:
            continue
        entry = entries[posting.reference]
        assert f"{entry['AmountFC']:.2f}" == str(invoice.gross), invoice.number
        assert entry["YourRef"] == invoice.number
        assert entry["EntryDate"][:10] == invoice.issue_date.isoformat()


def entry_rows() -> list[Row]:
    rows = Row.objects.filter(resource="purchaseentry/PurchaseEntries")
    return [row for row in rows if (row.data.get("ExternalLinkReference") or "").startswith("PK-")]


def own_entries() -> list[str]:
    return sorted(row.key for row in entry_rows())
