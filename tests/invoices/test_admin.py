"""The queue and the page of a document, as people use them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.core import clock
from apps.core.causes import Cause
from apps.invoices.models import Invoice, State, WaitsFor
from apps.people.models import Role
from apps.posting.models import Posting
from tests import office
from tests.clients.factories import AdministrationFactory, AssignmentFactory
from tests.exact.factories import DivisionFactory, RelationFactory
from tests.invoices.factories import InvoiceFactory
from tests.office import SAMPLE, Books
from tests.posting.factories import HaltFactory, PostingFactory
from tests.vendors.factories import MappingFactory, QuestionFactory

pytestmark = pytest.mark.django_db

LIST = "/invoices/invoice/"
MOST_QUERIES = 20


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


@pytest.fixture
def browser(books: Books) -> Any:
    return office.browser(office.person(Role.BOOKKEEPER, books.client))


def act(invoice: Invoice, verb: str) -> str:
    return reverse("admin:invoices_invoice_act", args=(invoice.pk, verb))


def seen(invoice: Invoice, **values: Any) -> dict[str, Any]:
    """Return what the page of `invoice` sends: the values, and the version that it showed."""
    return {"version": invoice.version, **values}


def page(invoice: Invoice) -> str:
    return reverse("admin:invoices_invoice_change", args=(invoice.pk,))


def numbers(answer: Any) -> set[str]:
    return {invoice.number for invoice in answer.context["cl"].result_list}


def test_the_list_opens_on_the_work_to_do(books: Books, browser: Any) -> None:
    waiting = {books.invoices[name].number for name in ("vendor", "no_account", "totals")}
    assert numbers(browser.get(LIST)) == waiting


@pytest.mark.parametrize(
    ("stage", "names"),
    [
        ("proposed", {"proposed"}),
        ("refused", {"refused"}),
        ("ready", {"ready", "pilot"}),
        ("done", {"done"}),
        ("ignored", {"ignored"}),
    ],
)
def test_each_tab_shows_its_stage(stage: str, names: set[str], books: Books, browser: Any) -> None:
    assert numbers(browser.get(LIST, {"stage": stage})) == {books.invoices[name].number for name in names}


def test_a_cause_stands_in_words_with_who_must_act(browser: Any) -> None:
    text = browser.get(LIST).content.decode()
    assert "vendor unknown" in text
    assert "reviewer" in text


@pytest.mark.parametrize("typed", ["1.234,56", "1234.56", "-1234,56", "€ 1.234,56"])
def test_search_finds_an_amount_however_it_is_typed(typed: str, books: Books, browser: Any) -> None:
    found = InvoiceFactory(administration=books.administration, gross="-1234.56", payable="-1234.56")
    assert numbers(browser.get(LIST, {"stage": "all", "q": typed})) == {found.number}


def test_search_finds_number_and_vendor(books: Books, browser: Any) -> None:
    found = InvoiceFactory(
        administration=books.administration, vendor_name="Zilvermeeuw", supplier_name="Sterna", number="Q-77"
    )
    for typed in ("zilverm", "q-77", "sterna"):
        assert numbers(browser.get(LIST, {"stage": "all", "q": typed})) == {found.number}


def test_the_age_filter_leaves_what_is_older(books: Books, browser: Any) -> None:
    assert numbers(browser.get(LIST, {"older": "2"})) == {books.invoices["totals"].number}


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("role", office.ROLES)
def test_every_role_opens_every_document_in_both_languages(role: str, language: str, books: Books) -> None:
    browser = office.browser(office.person(role, books.client, language=language))
    for name, invoice in books.invoices.items():
        answer = browser.get(page(invoice))
        assert answer.status_code == 200, name
        assert "Ooievaar line" in answer.content.decode(), name


def test_lists_cost_the_same_with_more_documents(books: Books, browser: Any) -> None:
    for _ in range(60):
        InvoiceFactory(administration=books.administration, state=State.ATTENTION, cause=Cause.NO_GL_ACCOUNT)
    with CaptureQueriesContext(
        database,
    ) as queries:
        answer = browser.get(LIST)
    assert answer.context["cl"].result_count == 63
    assert len(queries) <= MOST_QUERIES
    second = browser.get(LIST, {"p": "2"})
    assert len(second.context["cl"].result_list) == 13


def test_a_document_that_does_not_exist_is_not_found(browser: Any) -> None:
    assert browser.get("/invoices/invoice/0/change/").status_code == 404
    assert browser.get("/invoices/invoice/abc/change/").status_code == 404


def test_a_partner_looks_and_has_no_buttons(books: Books) -> None:
    browser = office.browser(office.person(Role.PARTNER, books.client))
    text = browser.get(page(books.invoices["proposed"])).content.decode()
    assert act(books.invoices["proposed"], "accept") not in text
    assert browser.post(act(books.invoices["proposed"], "accept"), {"version": 1}).status_code == 403


def test_accepting_opens_the_next_of_the_list_and_can_be_undone(books: Books, browser: Any) -> None:
    first = books.invoices["proposed"]
    second = InvoiceFactory(administration=books.administration, state=State.PROPOSED)
    query = "?_changelist_filters=stage%3Dproposed"
    answer = browser.post(act(first, "accept") + query, {"version": first.version})
    assert answer.headers["Location"].startswith(page(second))
    first.refresh_from_db()
    assert (first.state, first.waits_for) == (State.READY, WaitsFor.HOLD_BACK)
    assert act(first, "undo") in browser.get(answer.headers["Location"]).content.decode()
    browser.post(act(first, "undo"))
    first.refresh_from_db()
    assert first.state == State.PROPOSED


def test_accepting_what_changed_meanwhile_is_refused_in_words(books: Books, browser: Any) -> None:
    invoice = books.invoices["proposed"]
    answer = browser.post(act(invoice, "accept"), {"version": invoice.version + 1}, follow=True)
    assert "changed since you opened it" in answer.content.decode()
    invoice.refresh_from_db()
    assert invoice.state == State.PROPOSED


@pytest.mark.parametrize("verb", ["ignore", "edit", "book_anyway"])
def test_what_was_not_seen_is_not_decided_about(verb: str, books: Books, browser: Any) -> None:
    invoice = books.invoices["totals"]
    stale = {"version": invoice.version + 1, "reason": "double"}
    answer = browser.post(act(invoice, verb), stale, follow=True)
    assert "changed since you opened it" in answer.content.decode()
    invoice.refresh_from_db()
    assert (invoice.state, invoice.waived) == (State.ATTENTION, [])


def test_putting_aside_says_why_and_can_be_taken_back(books: Books, browser: Any) -> None:
    invoice = books.invoices["no_account"]
    browser.post(act(invoice, "ignore"), seen(invoice, reason="double", words="see 2026-1"))
    invoice.refresh_from_db()
    assert invoice.state == State.IGNORED
    assert invoice.events.latest("at").why == "a double: see 2026-1"
    browser.post(act(invoice, "reopen"))
    invoice.refresh_from_db()
    assert invoice.state != State.IGNORED


def test_an_act_that_does_not_fit_is_refused_in_words(books: Books, browser: Any) -> None:
    answer = browser.post(
        act(books.invoices["done"], "ignore"), seen(books.invoices["done"], reason="not_ours"), follow=True
    )
    assert "cannot be ignored" in answer.content.decode()


def test_an_unknown_act_is_forbidden(books: Books, browser: Any) -> None:
    assert browser.post(act(books.invoices["done"], "delete")).status_code == 403
    assert browser.get(act(books.invoices["done"], "retry")).status_code == 405


def test_mapping_the_vendor_answers_the_question(books: Books, browser: Any) -> None:
    invoice = books.invoices["vendor"]
    answer = browser.post(act(invoice, "map"), {"supplier": str(books.relation.exact_id)}, follow=True)
    assert "Mapped to" in answer.content.decode()
    books.question.refresh_from_db()
    assert books.question.supplier == books.relation.exact_id


@pytest.mark.parametrize("supplier", ["", "no guid", "00000000-0000-4000-8000-000000000000"])
def test_mapping_to_nothing_is_refused_in_words(supplier: str, books: Books, browser: Any) -> None:
    answer = browser.post(act(books.invoices["vendor"], "map"), {"supplier": supplier}, follow=True)
    assert "Choose a supplier of this administration." in answer.content.decode()


def test_the_unmapped_vendors_are_grouped_and_mapped_with_one_click(books: Books, browser: Any) -> None:
    text = browser.get("/vendors/question/").content.decode()
    assert "Ooievaar vendor" in text
    assert "2 documents" in text  # an invoice and an order
    address = reverse("admin:vendors_question_map", args=(books.question.pk,))
    answer = browser.post(address, {"supplier": str(books.relation.exact_id)}, follow=True)
    assert "Every vendor is mapped." in answer.content.decode()


def test_suppliers_are_found_by_name_and_code_but_never_blocked_ones(books: Books, browser: Any) -> None:
    from tests.exact.factories import RelationFactory

    RelationFactory(division=books.division, name="Ooievaar blocked", blocked=True)
    search = reverse("admin:vendors_question_suppliers", args=(books.question.pk,))
    by_name = browser.get(search, {"q": "ooievaar"}).content.decode()
    assert "Ooievaar supplier" in by_name
    assert "Ooievaar blocked" not in by_name
    assert "Ooievaar supplier" in browser.get(search, {"q": books.relation.code}).content.decode()
    assert "No supplier" in browser.get(search, {"q": "nobody"}).content.decode()


def test_bulk_acts_do_what_fits_and_say_why_not_for_the_rest(books: Books, browser: Any) -> None:
    chosen = [books.invoices["proposed"].pk, books.invoices["done"].pk]
    answer = browser.post(
        f"{LIST}?stage=all", {"action": "accept_selected", "_selected_action": chosen}, follow=True
    )
    text = answer.content.decode()
    assert "Done with 1 document." in text
    assert "Only a proposed booking can be accepted." in text
    assert Invoice.objects.get(pk=chosen[0]).state == State.READY


def test_everything_with_one_cause_is_tried_again(books: Books, browser: Any) -> None:
    assert (
        reverse("admin:invoices_invoice_retry_all")
        in browser.get(LIST, {"cause__exact": Cause.NO_GL_ACCOUNT}).content.decode()
    )
    answer = browser.post("/invoices/invoice/retry-all/", {"cause": Cause.NO_GL_ACCOUNT}, follow=True)
    assert "1 document was tried again." in answer.content.decode()
    assert browser.post("/invoices/invoice/retry-all/", {"cause": "nonsense"}).status_code == 404


def test_editing_lines_takes_codes_with_their_texts(books: Books, browser: Any) -> None:
    from tests.exact.factories import GLAccountFactory

    account = GLAccountFactory(division=books.division, code="4870", description="Touw - en blok")
    invoice = books.invoices["no_account"]
    line = invoice.lines.get()
    values = {f"gl_code-{line.pk}": "4870 - Touw - en blok", f"vat_code-{line.pk}": "4 - BTW hoog"}
    browser.post(act(invoice, "edit"), seen(invoice, **values))
    line.refresh_from_db()
    assert (line.gl_code, line.gl_account, line.vat_code) == ("4870", account.exact_id, "4")


def test_a_code_that_exact_does_not_have_is_refused_in_words(books: Books, browser: Any) -> None:
    invoice = books.invoices["no_account"]
    values = {f"gl_code-{invoice.lines.get().pk}": "9999"}
    answer = browser.post(act(invoice, "edit"), seen(invoice, **values), follow=True)
    assert "9999" in answer.content.decode()


def test_a_document_of_unknown_receiver_is_routed_by_a_reviewer(books: Books) -> None:
    invoice = InvoiceFactory(administration=None, state=State.ATTENTION, cause=Cause.NOT_OURS)
    reviewer = office.browser(office.person(Role.REVIEWER, books.client))
    assert "For which administration" in reviewer.get(page(invoice)).content.decode()
    reviewer.post(act(invoice, "route"), seen(invoice, administration=books.administration.pk))
    invoice.refresh_from_db()
    assert invoice.administration == books.administration
    bookkeeper = office.browser(office.person(Role.BOOKKEEPER))
    assert bookkeeper.get(page(invoice)).status_code == 404


def test_booking_in_spite_of_a_cause(books: Books, browser: Any) -> None:
    invoice = books.invoices["totals"]
    browser.post(act(invoice, "book_anyway"), seen(invoice))
    invoice.refresh_from_db()
    assert Cause.TOTALS_DIFFER in invoice.waived


def test_the_page_says_how_a_booked_document_ended(books: Books, browser: Any) -> None:
    text = browser.get(page(books.invoices["done"])).content.decode()
    assert "26600001" in text
    assert "https://start.exactonline.nl/docs/FinEntry.aspx" in text
    assert "The entry as it was sent to Exact" in text


def test_a_real_invoice_reads_as_people_read_it(books: Books, browser: Any) -> None:
    from apps.intake.keeping import keep
    from apps.invoices.processing import process

    receipt = keep(
        [(SAMPLE.name, SAMPLE.read_bytes())], channel="upload", administration=books.administration
    )
    process(receipt.pk)
    invoice = Invoice.objects.get(part__receipt=receipt)
    text = browser.get(page(invoice)).content.decode()
    assert invoice.vendor["name"] in text
    assert invoice.number in text
    assert invoice.lines.first().description in text  # type: ignore[union-attr]
    detail = browser.get(reverse("admin:intake_receipt_change", args=(receipt.pk,))).content.decode()
    assert page(invoice) in detail


# a division that stands still


def test_a_halt_shows_above_the_queue_and_goes_on_by_a_button(books: Books, browser: Any) -> None:
    halt = HaltFactory(division=books.division)
    foreign = HaltFactory(words="Of somebody else")
    shown = browser.get(LIST).content.decode()
    assert halt.words in shown
    assert foreign.words not in shown
    go_on = reverse("admin:invoices_invoice_go_on", args=(books.division.pk,))
    assert go_on in shown
    assert browser.post(go_on).status_code == 302
    assert halt.words not in browser.get(LIST).content.decode()
    elsewhere = reverse("admin:invoices_invoice_go_on", args=(foreign.division_id,))
    assert browser.post(elsewhere).status_code == 404


def test_a_partner_sees_the_halt_and_cannot_let_it_go_on(books: Books) -> None:
    halt = HaltFactory(division=books.division)
    partner = office.browser(office.person(Role.PARTNER, books.client))
    shown = partner.get(LIST).content.decode()
    assert halt.words in shown
    assert "pk-button pk-main" not in shown
    go_on = reverse("admin:invoices_invoice_go_on", args=(books.division.pk,))
    assert partner.post(go_on).status_code == 403
    halt.refresh_from_db()
    assert halt.halted_at


def test_a_document_that_waits_for_a_halt_shows_exacts_words(books: Books, browser: Any) -> None:
    halt = HaltFactory(division=books.division)
    invoice = books.invoices["ready"]
    Invoice.objects.filter(pk=invoice.pk).update(waits_for=WaitsFor.HALT, waits_until=None)
    assert halt.words in browser.get(page(invoice)).content.decode()


def test_a_document_that_waits_for_the_clock_shows_the_expected_minute(books: Books, browser: Any) -> None:
    until = clock.now() + timedelta(hours=1)
    posting = PostingFactory(division=books.division, next_attempt_at=until)
    Invoice.objects.filter(pk=books.invoices["ready"].pk).update(
        state=State.POSTING, waits_for="", waits_until=None, posting=posting
    )
    minute = f"{until.astimezone(clock.DUTCH):%H:%M}"
    assert minute in browser.get(f"{LIST}?stage=ready").content.decode()
    Posting.objects.filter(pk=posting.pk).update(next_attempt_at=clock.now())
    assert minute not in browser.get(f"{LIST}?stage=ready").content.decode()


def test_everything_with_one_cause_is_tried_again_and_nothing_else(books: Books, browser: Any) -> None:
    refused, other = books.invoices["refused"], books.invoices["no_account"]
    before = refused.events.count(), other.events.count()
    answer = browser.post(reverse("admin:invoices_invoice_retry_all"), {"cause": refused.cause})
    assert answer.status_code == 302
    assert (refused.events.count(), other.events.count()) == (before[0] + 1, before[1])


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.REVIEWER])
def test_unmapped_vendors_cost_the_same_with_more_of_them(role: str) -> None:
    person = office.person(role)
    for number in range(30):
        administration = AdministrationFactory()
        AssignmentFactory(user=person, client=administration.client)
        card = RelationFactory(division=DivisionFactory(administration=administration), name="Same name")
        told = {"supplier": str(card.exact_id), "code": card.code, "name": card.name, "usable": True}
        question = QuestionFactory(
            administration=administration,
            number=f"{71_000_000 + number // 3}",
            candidates=[{**told, "evidence": ["KvK"]}],
        )
        kvk = question.identity.removeprefix("kvk ")
        InvoiceFactory(
            administration=administration,
            state=State.ATTENTION,
            cause=Cause.VENDOR_UNKNOWN,
            question=question,
            vendor={"keys": [question.identity], "identifiers": [["kvk", kvk, True]]},
        )
        MappingFactory(administration=administration, value=kvk, supplier_name="Same name")
    window = office.browser(person)
    with CaptureQueriesContext(database) as queries:
        page = window.get(reverse("admin:vendors_question_changelist"))
    assert page.content.count(b"pk-candidate") == 30
    assert len(queries) <= MOST_QUERIES
