"""From kept bytes to one document in its administration, or the reason why not."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from apps.core.causes import Cause
from apps.intake.keeping import keep
from apps.intake.models import Channel, Part, PartOutcome
from apps.invoices.models import Invoice, InvoiceLine, State
from apps.invoices.receiving import Received, receive
from tests.clients.factories import AdministrationFactory, AdministrationIdentifierFactory
from tests.intake.factories import PartFactory
from tests.invoices.conftest import Books, make_books, read_in
from tests.invoices.documents import OUR_KVK, THEIR_IBAN, THEIR_KVK, changed, xml

pytestmark = pytest.mark.django_db


def received(content: bytes, **how: Any) -> Invoice:
    invoice = read_in(content, **how).invoice
    assert invoice
    return invoice


def test_an_invoice_for_one_of_ours_is_stored_with_its_lines_and_its_first_event(books: Books) -> None:
    invoice = received(xml(lines=3))
    assert (invoice.state, invoice.administration_id) == (State.RECEIVED, books.administration.pk)
    assert OUR_KVK in invoice.routing_why
    assert invoice.lines.count() == invoice.line_count == 3
    event = invoice.events.get()
    assert (event.from_state, event.to_state, event.who) == (State.RECEIVED, State.RECEIVED, "Postkamer")
    invoice.part.refresh_from_db()
    assert (invoice.part.outcome, invoice.part.administration_id) == (
        PartOutcome.DOCUMENT,
        books.administration.pk,
    )


def test_a_document_for_nobody_waits_for_a_reviewer_also_before_any_administration_exists() -> None:
    invoice = received(xml())
    assert (invoice.state, invoice.cause, invoice.administration) == (State.ATTENTION, Cause.NOT_OURS, None)
    assert invoice.lines.count() == 1


def test_a_document_for_two_of_ours_waits_and_names_them(books: Books) -> None:
    other = AdministrationIdentifierFactory(kind="kvk", value=OUR_KVK).administration
    invoice = received(xml())
    assert (invoice.cause, invoice.administration) == (Cause.SEVERAL_ADMINISTRATIONS, None)
    assert books.administration.name in invoice.detail
    assert other.name in invoice.detail


def test_the_way_in_may_say_for_whom_a_document_is(books: Books) -> None:
    chosen = AdministrationFactory()
    assert received(xml(), administration=chosen).administration == chosen


def test_numbers_of_our_own_administrations_are_no_evidence_of_a_vendor(books: Books) -> None:
    AdministrationIdentifierFactory(kind="iban", value=THEIR_IBAN)
    keys = received(xml()).vendor["keys"]
    assert f"kvk {THEIR_KVK}" in keys
    assert not [key for key in keys if THEIR_IBAN in key]


@pytest.mark.parametrize(
    ("content", "format_"),
    [
        (b"", ""),
        (b"%PDF-1.7", ""),
        (xml()[:900], ""),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>", ""),
        (b"<Waybill xmlns='urn:oasis:names:specification:ubl:schema:xsd:Waybill-2'/>", "other_ubl"),
        (changed(xml(), "2026-09-15", "0001-01-01"), ""),
        (changed(xml(), "2026-09-15", "9999-12-31"), ""),
        (changed(xml(), "121.00</cbc:PayableAmount>", "1E+999</cbc:PayableAmount>"), ""),
    ],
)
def test_what_cannot_be_read_is_rejected_with_a_reason(content: bytes, format_: str) -> None:
    result = read_in(content)
    part = Part.objects.get()
    assert (part.outcome, part.format) == (PartOutcome.REJECTED, format_)
    assert part.reason
    assert (result.document, result.invoice, Invoice.objects.count()) == (None, None, 0)


def test_the_same_bytes_again_are_a_duplicate_that_names_the_first(books: Books) -> None:
    first = received(xml(), name="first.xml")
    result = read_in(xml(), name="second.xml")
    assert result.part.outcome == PartOutcome.DUPLICATE
    assert result.part.duplicate_of == first.part
    assert "first.xml" in result.part.reason
    assert (result.invoice, Invoice.objects.count()) == (first, 1)


def test_other_bytes_with_the_same_figures_are_a_duplicate(books: Books) -> None:
    received(xml())
    again = read_in(changed(xml(), "Dank voor uw opdracht", "Tweede exemplaar"))
    assert again.part.outcome == PartOutcome.DUPLICATE


@pytest.mark.parametrize("other", [xml(net="100.01"), xml(day="2026-09-16")])
def test_the_same_number_with_other_figures_is_kept_as_a_possible_double(books: Books, other: bytes) -> None:
    first = received(xml())
    assert received(other).double_of == first


def test_the_same_document_for_another_administration_is_no_double(books: Books) -> None:
    elsewhere = make_books(kvk="17131120")
    received(xml())
    second = received(xml(receiver="17131120"))
    assert (second.administration, second.double_of) == (elsewhere.administration, None)


def test_two_unrouted_copies_are_one_document() -> None:
    received(xml())
    assert read_in(xml()).part.outcome == PartOutcome.DUPLICATE


def test_a_part_that_was_read_before_is_not_read_again(books: Books) -> None:
    invoice = received(xml())
    stale = PartFactory.build(pk=invoice.part_id, original=invoice.part.original)
    stale.receipt = invoice.part.receipt
    result = receive(stale)
    assert (result.invoice, result.part.outcome) == (invoice, PartOutcome.DOCUMENT)
    assert (Invoice.objects.count(), Part.objects.count(), invoice.events.count()) == (1, 1, 1)


def test_a_duplicate_and_a_rejected_part_tell_the_same_when_read_by_two(books: Books) -> None:
    first = received(xml())
    for content, outcome in ((xml(), PartOutcome.DUPLICATE), (b"no", PartOutcome.REJECTED)):
        receipt = keep([("a.xml", content)], channel=Channel.UPLOAD)
        one, other = receipt.parts.get(), receipt.parts.get()
        receive(one)
        result = receive(other)
        assert result.part.outcome == outcome
        assert result.part.reason == one.reason
        assert result.invoice == (first if outcome == PartOutcome.DUPLICATE else None)


def test_ten_thousand_lines_are_stored_as_they_are(books: Books) -> None:
    invoice = received(xml(lines=10_000, net="0.01"))
    assert InvoiceLine.objects.filter(invoice=invoice).count() == 10_000


def test_amounts_as_large_as_can_be_written_are_stored_or_refused_never_a_crash(books: Books) -> None:
    assert received(xml(net="99999999999.99")).payable > 10**11
    result = read_in(xml(number="2", net="999999999999.99"))
    assert result.invoice or result.part.reason


def test_texts_of_any_length_and_script_are_stored(books: Books) -> None:
    content = changed(xml(), "Touw, geslagen, per rol", "\U0001f9f6 ß" * 2000)
    content = changed(content, "Anker en Touw", "ﬃ" * 400)
    content = changed(content, "Dank voor uw opdracht", "&#x9;\u0301" * 3000)
    assert received(content).pk


@pytest.mark.django_db(transaction=True)
def test_two_readers_of_the_same_document_store_it_once() -> None:
    make_books()
    parts = [
        keep([(f"{n}.xml", xml())], channel=Channel.UPLOAD).parts.select_related("receipt", "original").get()
        for n in range(4)
    ]
    results = at_once(parts)
    outcomes = sorted(result.part.outcome for result in results)
    assert outcomes == [PartOutcome.DOCUMENT, *[PartOutcome.DUPLICATE] * 3]
    invoice = Invoice.objects.get()
    assert {result.invoice for result in results} == {invoice}
    assert set(Part.objects.exclude(pk=invoice.part_id).values_list("duplicate_of", flat=True)) == {
        invoice.part_id
    }


@pytest.mark.django_db(transaction=True)
def test_two_readers_of_the_same_part_store_it_once_and_tell_the_same() -> None:
    make_books()
    part = keep([("a.xml", xml())], channel=Channel.UPLOAD).parts.get()
    results = at_once([Part.objects.select_related("receipt", "original").get(pk=part.pk) for _ in range(4)])
    assert {result.part.outcome for result in results} == {PartOutcome.DOCUMENT}
    assert {result.invoice for result in results} == {Invoice.objects.get()}
    assert Invoice.objects.get().events.count() == 1


def at_once(parts: list[Part]) -> list[Received]:
    """Receive each part in a thread of its own, all of them let go in the same moment."""
    gate = threading.Barrier(len(parts))

    def run(part: Part) -> Received:
        gate.wait()
        try:
            return receive(part)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(parts)) as pool:
        return list(pool.map(run, parts))
