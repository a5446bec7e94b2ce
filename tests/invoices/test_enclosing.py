"""The PDF of an e-invoice stays with it, and goes to Exact with it."""

import pytest

from apps.core.transitions import Changed
from apps.intake.enclosures import LARGEST
from apps.intake.keeping import keep
from apps.intake.models import Channel, Part, PartOutcome
from apps.invoices.attaching import steps
from apps.invoices.enclosing import attach
from apps.invoices.models import Invoice, State
from apps.invoices.processing import code_received, process
from apps.invoices.reviewing import route
from apps.people.models import User
from tests.intake.pdf.test_examining import page, written
from tests.invoices.conftest import Books
from tests.invoices.documents import xml

pytestmark = pytest.mark.django_db

PDF, PNG = b"%PDF-1.7 a page", b"\x89PNG\r\n\x1a\n a picture"


def came_in(*files: tuple[str, bytes]) -> dict[str, Part]:
    """Keep one arrival, let a worker do it, and return its parts by name."""
    receipt = keep(files, channel=Channel.MAIL)
    process(receipt.pk)
    return {part.filename: part for part in receipt.parts.all()}


def sent(invoice: Invoice) -> list[str]:
    return [step["payload"]["FileName"] for step in steps(invoice)]


def test_the_e_invoice_wins_and_the_pdf_goes_along(books: Books) -> None:
    parts = came_in(("42.pdf", PDF), ("42.xml", xml(number="42")))
    invoice = Invoice.objects.select_related("part").get()
    assert (parts["42.pdf"].outcome, parts["42.pdf"].attached_to) == (
        PartOutcome.ATTACHMENT,
        parts["42.xml"],
    )
    assert parts["42.pdf"].administration == books.administration
    assert sent(invoice) == ["42.xml", "42.pdf"]
    assert steps(invoice)[1]["original"] == parts["42.pdf"].original_id
    assert invoice.state == State.READY


def test_a_picture_goes_along_under_a_name_that_says_what_it_is(books: Books) -> None:
    came_in(("bon", PNG), ("bon.xml", xml()))
    assert sent(Invoice.objects.select_related("part").get())[:2] == ["bon.xml", "bon.png"]


def test_the_pdf_of_a_document_that_came_in_before_stays_with_the_second_copy(books: Books) -> None:
    came_in(("a.xml", xml()))
    second = came_in(("b.xml", xml()), ("b.pdf", PDF))
    assert second["b.xml"].outcome == PartOutcome.DUPLICATE
    assert second["b.pdf"].attached_to == second["b.xml"]
    invoice = Invoice.objects.select_related("part").get()
    assert sent(invoice) == ["a.xml", "b.pdf"]  # the first one had no page for people
    third = came_in(("c.xml", xml()), ("c.pdf", b"%PDF-1.7 the same page, printed once more"))
    assert third["c.pdf"].attached_to == third["c.xml"]
    invoice.refresh_from_db()
    assert sent(invoice) == ["a.xml", "b.pdf"]


def test_a_pdf_that_belongs_to_none_stays_where_a_person_sees_it(books: Books) -> None:
    parts = came_in(("1.xml", xml(number="1")), ("2.xml", xml(number="2")), ("voorwaarden.pdf", PDF))
    assert parts["voorwaarden.pdf"].outcome == PartOutcome.REJECTED
    assert parts["voorwaarden.pdf"].reason


def test_when_the_e_invoice_cannot_be_read_the_pdf_is_not_hidden_behind_it(books: Books) -> None:
    parts = came_in(("1.xml", b"<Invoice>half"), ("1.pdf", PDF))
    assert {part.outcome for part in parts.values()} == {PartOutcome.REJECTED}


def test_only_a_pdf_or_picture_is_kept_with_an_e_invoice(books: Books) -> None:
    parts = came_in(("1.xml", xml()), ("1.exe", b"MZ whatever"))
    assert parts["1.exe"].outcome == PartOutcome.REJECTED


def test_one_that_is_too_large_for_exact_stays_here_and_the_document_says_so(books: Books) -> None:
    parts = came_in(("1.xml", xml()), ("1.pdf", PDF + b" " * LARGEST))
    invoice = Invoice.objects.select_related("part").get()
    assert parts["1.pdf"].outcome == PartOutcome.ATTACHMENT
    assert "1.pdf" not in sent(invoice)
    assert [one["code"] for one in invoice.findings if one["values"].get("file") == "1.pdf"] == [
        "enclosure_too_large"
    ]


def test_nothing_is_coded_while_a_part_of_its_arrival_is_unread(books: Books) -> None:
    receipt = keep([("1.xml", xml()), ("1.pdf", PDF)], channel=Channel.MAIL)
    process(receipt.pk)
    Part.objects.filter(filename="1.pdf").update(outcome=PartOutcome.RECEIVED, attached_to=None)
    Invoice.objects.update(state=State.RECEIVED, waits_for="")
    assert code_received() == 0


def test_what_is_sent_already_is_not_changed_any_more(books: Books) -> None:
    receipt = keep([("1.xml", xml()), ("los.pdf", PDF), ("los-2.pdf", PDF)], channel=Channel.MAIL)
    process(receipt.pk)
    document, loose = receipt.parts.get(position=1), receipt.parts.get(position=2)
    Part.objects.filter(pk=loose.pk).update(outcome=PartOutcome.RECEIVED)
    Invoice.objects.update(state=State.IGNORED, waits_for="")
    assert attach(Part.objects.get(pk=loose.pk), document, by="Ada")
    loose.refresh_from_db()
    assert (loose.attached_to, loose.settled_by) == (document, "Ada")
    assert "files" not in Invoice.objects.get().payment


def test_a_part_that_was_read_is_not_attached(books: Books) -> None:
    parts = came_in(("1.xml", xml(number="1")), ("2.xml", xml(number="2")))
    assert not attach(parts["2.xml"], parts["1.xml"])


def hybrid(content: bytes, text: str = "Factuur") -> bytes:
    """Return a PDF that carries its e-invoice."""
    writer = page(text)
    writer.add_attachment("factuur.xml", content)
    return written(writer)


def test_a_pdf_that_carries_another_invoice_is_not_hidden_behind_the_e_invoice(books: Books) -> None:
    parts = came_in(("factuur.xml", xml(number="12")), ("bijlage.pdf", hybrid(xml(number="13"))))
    assert parts["bijlage.pdf"].outcome == PartOutcome.DOCUMENT
    assert set(Invoice.objects.values_list("number", flat=True)) == {"12", "13"}


def test_of_two_pdfs_that_carry_their_invoice_neither_hides_the_other(books: Books) -> None:
    parts = came_in(("een.pdf", hybrid(xml(number="12"))), ("twee.pdf", hybrid(xml(number="13"))))
    assert {part.outcome for part in parts.values()} == {PartOutcome.DOCUMENT}


def test_a_pdf_that_carries_the_same_invoice_is_the_page_of_it(books: Books) -> None:
    parts = came_in(("factuur.xml", xml(number="12")), ("factuur.pdf", hybrid(xml(number="12"))))
    assert parts["factuur.pdf"].attached_to == parts["factuur.xml"]
    assert sent(Invoice.objects.select_related("part").get()) == ["factuur.xml", "factuur.pdf"]


def test_beside_a_pdf_that_carries_its_invoice_another_one_is_seen_by_a_person(books: Books) -> None:
    parts = came_in(("een.pdf", hybrid(xml(number="12"))), ("twee.pdf", PDF))
    assert [parts["een.pdf"].outcome, parts["twee.pdf"].outcome] == [
        PartOutcome.DOCUMENT,
        PartOutcome.REJECTED,
    ]


def test_what_came_with_a_document_follows_it_to_another_administration(
    books: Books, bookkeeper: User
) -> None:
    parts = came_in(("1.xml", xml(receiver="12345677")), ("1.pdf", PDF))
    again = came_in(("2.xml", xml(receiver="12345677")), ("2.pdf", PDF + b" again"))
    assert parts["1.pdf"].administration is None
    assert again["2.xml"].outcome == PartOutcome.DUPLICATE
    route(Invoice.objects.get(), books.administration, by=bookkeeper)
    assert {part.administration for part in Part.objects.all()} == {books.administration}


def test_a_booking_that_was_planned_without_the_page_is_planned_anew(books: Books) -> None:
    parts = came_in(("1.xml", xml()), ("los.pdf", PDF), ("los-2.pdf", PDF + b" 2"))
    planned = Invoice.objects.get()
    Part.objects.filter(pk=parts["los.pdf"].pk).update(outcome=PartOutcome.RECEIVED, reason="")
    assert attach(Part.objects.get(pk=parts["los.pdf"].pk), parts["1.xml"], by="Ada")
    with pytest.raises(Changed):
        planned.move(State.POSTING, who="Postkamer", why="", at=planned.changed_at)
