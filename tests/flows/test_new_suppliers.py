"""A vendor without a card: the supplier is made in Exact once, whatever goes wrong, and its documents move on."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from apps.clients.models import Administration, Mode
from apps.core.causes import Cause
from apps.exact import syncing
from apps.exact.client import Exact
from apps.exact.models import Division, Relation
from apps.intake.keeping import keep
from apps.invoices import answering, creating, enriching
from apps.invoices.card_gaps import offer, offers
from apps.invoices.delivering import deliver
from apps.invoices.models import CardAct, CardWrite, Invoice, State
from apps.invoices.processing import process
from apps.invoices.reviewing import Refused, map_vendor
from apps.people.models import Role, User
from apps.posting.models import Halt, Method, Posting, PostingState
from apps.sandbox import faults, switches, time
from apps.sandbox.exact import store
from apps.sandbox.models import Call, Row
from apps.vendors.models import Mapping, Question
from tests.flows.conftest import BAKERY
from tests.invoices.documents import xml
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db

ACCOUNTS, BANK_ACCOUNTS = "crm/Accounts", "crm/BankAccounts"
UNCLEAR = ("error_before_commit", "error_after_commit", "dropped_before", "dropped_answer", "garbled")
THEIR_KVK, THEIR_VAT, THEIR_IBAN = (
    "61234564",
    "NL812345678B01",
    "NL81RABO0312345678",
)  # on no card of the firm
VENDOR: dict[str, Any] = {
    "kvk": THEIR_KVK,
    "vat": THEIR_VAT,
    "iban": THEIR_IBAN,
    "domain": "knoop.example.nl",
}
FORM = {"name": "Anker en Touw", "country": "NL", "vat": THEIR_VAT, "kvk": THEIR_KVK, "iban": THEIR_IBAN}


@pytest.fixture(autouse=True)
def _nothing_is_awaited(settings: Settings) -> None:
    settings.SETTLE_SECONDS = 0


@pytest.fixture
def person(db: None) -> User:
    made: User = UserFactory(role=Role.ADMINISTRATOR)
    return made


@pytest.fixture
def question(bakery: Division) -> Question:
    """What three documents of a vendor ask that no card of the bakery has a number of."""
    switches.change(minute_limit=10_000)
    assert bakery.administration
    ours = bakery.administration.identifiers.get(kind="kvk").value
    files = [
        (f"{day}.xml", xml(number=f"N-{day}", day=f"2026-09-{day}", receiver=ours, **VENDOR))
        for day in (14, 15, 16)
    ]
    receipt = keep(files, channel="upload")
    process(receipt.pk)
    asked = Question.objects.get(name="Anker en Touw")
    assert asked.invoices.filter(state=State.ATTENTION).count() == 3
    return asked


def cards(number: str = THEIR_KVK) -> list[Row]:
    return [row for row in store.rows(ACCOUNTS, BAKERY) if row.data.get("ChamberOfCommerce") == number]


def accounts_of(card: Row) -> list[str]:
    return [
        row.data["BankAccount"]
        for row in store.rows(BANK_ACCOUNTS, BAKERY)
        if row.data["Account"] == card.key
    ]


def writes() -> list[tuple[str, str]]:
    rows = Call.objects.filter(method__in=("POST", "PUT", "DELETE")).exclude(path="oauth2/token")
    return list(rows.order_by("pk").values_list("method", "path"))


def work(division: Division, rounds: int = 4) -> None:
    """Let the worker come by some minutes long: postings, what they lead to, and syncs."""
    for _round in range(rounds):
        deliver(division, at_once=True)
        answering.settle(division.pk)
        syncing.run(division)
        answering.settle()
        time.advance(timedelta(minutes=1))


def assert_made_once(question: Question, documents: int = 3) -> None:
    (card,) = cards()
    assert accounts_of(card) == [THEIR_IBAN]
    question.refresh_from_db()
    assert str(question.supplier) == card.key
    invoices = Invoice.objects.filter(vendor_name="Anker en Touw")
    assert invoices.count() == documents
    assert {str(one.supplier) for one in invoices} == {card.key}
    assert not invoices.filter(cause=Cause.VENDOR_UNKNOWN).exists()
    write = CardWrite.objects.get(act=CardAct.CREATE)
    assert (write.ended_at is None, str(write.relation), write.remark) == (False, card.key, "")
    assert creating.state_of([question]) == {}


def test_the_card_and_its_account_are_made_and_all_documents_move_on(
    bakery: Division, question: Question, person: User
) -> None:
    write = creating.create(question, FORM, by=person)
    assert writes() == []
    assert creating.state_of([question])[question.pk].sentence
    work(bakery)
    assert [path for _verb, path in writes()][:2] == [ACCOUNTS, BANK_ACCOUNTS]
    assert_made_once(question)
    (card,) = cards()
    assert (card.data["IsSupplier"], card.data["VATNumber"], card.data["Name"]) == (
        True,
        THEIR_VAT,
        "Anker en Touw",
    )
    mapping = Mapping.objects.get(supplier=card.key)
    assert (mapping.learned_from, question.answered_by) == (person, person)
    posting = Posting.objects.get(pk=write.posting_id)
    assert (posting.exact_number, posting.adopted) == (card.data["Code"].strip(), False)
    answering.settle()
    assert_made_once(question)


@pytest.mark.parametrize("path", [ACCOUNTS, BANK_ACCOUNTS])
@pytest.mark.parametrize("kind", UNCLEAR)
def test_whatever_happens_to_a_write_there_is_one_card(
    bakery: Division, question: Question, person: User, kind: str, path: str
) -> None:
    creating.create(question, FORM, by=person)
    faults.arm(kind, method="POST", path=path)
    work(bakery, rounds=6)
    assert_made_once(question)


@pytest.mark.parametrize("kind", ["too_many", "expired_token", "gateway"])
def test_what_the_clock_solves_waits_and_goes_on(
    bakery: Division, question: Question, person: User, kind: str
) -> None:
    creating.create(question, FORM, by=person)
    for path in (ACCOUNTS, BANK_ACCOUNTS):
        faults.arm(kind, method="POST", path=path, times=2)
    work(bakery, rounds=9)
    assert_made_once(question)


def test_a_look_that_is_lost_is_looked_again(bakery: Division, question: Question, person: User) -> None:
    creating.create(question, FORM, by=person)
    faults.arm("dropped_answer", method="POST", path=ACCOUNTS)
    deliver(bakery)
    for kind in ("dropped_answer", "gateway", "forbidden"):
        faults.arm(kind, method="GET", path=ACCOUNTS)
    work(bakery, rounds=9)
    assert_made_once(question)


def test_until_the_look_it_says_that_the_outcome_is_unknown(
    bakery: Division, question: Question, person: User, english: None
) -> None:
    creating.create(question, FORM, by=person)
    faults.arm("dropped_answer", method="POST", path=ACCOUNTS)
    deliver(bakery)
    assert creating.state_of([question])[question.pk].sentence.startswith("Exact did not answer. We look")
    with pytest.raises(Refused):
        creating.create(question, FORM, by=person)


def test_a_card_made_by_hand_before_the_form_is_sent_is_named_and_nothing_is_made(
    bakery: Division, question: Question, person: User
) -> None:
    made = Exact(bakery).post(ACCOUNTS, {"Name": "Anker", "ChamberOfCommerce": THEIR_KVK, "IsSupplier": True})
    syncing.make_due(bakery)
    syncing.run(bakery)
    with pytest.raises(Refused, match=f"{made['Code']} Anker"):
        creating.create(question, FORM, by=person)
    assert not CardWrite.objects.exists()


def test_a_card_made_by_hand_that_no_sync_told_of_is_named_and_nothing_is_made(
    bakery: Division, question: Question, person: User
) -> None:
    made = Exact(bakery).post(ACCOUNTS, {"Name": "Anker", "VATNumber": THEIR_VAT, "IsSupplier": True})
    creating.create(question, FORM, by=person)
    before = len(writes())
    work(bakery, rounds=2)
    assert len(writes()) == before
    write = creating.state_of([question])[question.pk]
    assert (write.is_refused, f"{made['Code']} Anker" in write.sentence) == (True, True)
    relation = Relation.objects.filter(exact_id=made["ID"])
    syncing.make_due(bakery)
    syncing.run(bakery)
    map_vendor(question, relation.select_related("division").get(), by=person)
    answering.settle()
    assert creating.state_of([question]) == {}
    assert not CardWrite.objects.under_way().exists()


def test_a_card_made_by_hand_while_ours_has_no_answer_is_taken_for_it(
    bakery: Division, question: Question, person: User
) -> None:
    creating.create(question, FORM, by=person)
    faults.arm("dropped_before", method="POST", path=ACCOUNTS)
    deliver(bakery)
    by_hand = {"Name": "Anker", "ChamberOfCommerce": THEIR_KVK, "IsSupplier": True}
    made = Exact(bakery).post(ACCOUNTS, by_hand)
    other = {"Account": made["ID"], "BankAccount": "NL20INGB0001234567", "Main": True}
    Exact(bakery).post(BANK_ACCOUNTS, other)
    work(bakery)
    (card,) = cards()
    assert accounts_of(card) == ["NL20INGB0001234567"]  # a changed account is another procedure
    question.refresh_from_db()
    assert str(question.supplier) == card.key == made["ID"]
    write = CardWrite.objects.get()
    assert write.posting.adopted
    assert write.remark


def test_what_exact_refuses_is_told_mended_and_made(
    bakery: Division, question: Question, person: User, english: None
) -> None:
    write = creating.create(question, {**FORM, "payment_condition": "XX"}, by=person)
    work(bakery, rounds=1)
    told = creating.state_of([question])[question.pk]
    assert told.is_refused
    assert told.sentence.startswith("Exact refused: Ongeldige referentie: Betalingsconditie")
    assert not cards()
    work(bakery, rounds=1)
    again = creating.create(question, FORM, by=person)
    assert (again.pk, again.posting_id) == (write.pk, write.posting_id)
    work(bakery)
    assert_made_once(question)


def test_an_account_that_exact_refuses_is_mended_without_a_second_card(
    bakery: Division, question: Question, person: User
) -> None:
    creating.create(question, {**FORM, "iban": "NL00BUNQ0649621411"}, by=person)
    work(bakery, rounds=2)
    write = creating.state_of([question])[question.pk]
    assert (write.is_refused, write.is_made, len(cards())) == (True, True, 1)
    creating.create(question, {**FORM, "name": "Somebody else"}, by=person)
    work(bakery)
    assert_made_once(question)


def test_an_account_that_is_left_out_after_all_ends_it(
    bakery: Division, question: Question, person: User
) -> None:
    creating.create(question, {**FORM, "iban": "NL00BUNQ0649621411"}, by=person)
    work(bakery, rounds=2)
    creating.create(question, {"iban": ""}, by=person)
    work(bakery)
    (card,) = cards()
    question.refresh_from_db()
    assert (accounts_of(card), str(question.supplier)) == ([], card.key)


def test_refusals_of_cards_halt_no_bookings_and_a_right_that_lacks_stops_none(
    bakery: Division, question: Question, person: User
) -> None:
    switches.lack_rights("Crm accounts")
    creating.create(question, FORM, by=person)
    for _time in range(4):
        work(bakery, rounds=1)
        write = creating.state_of([question])[question.pk]
        assert write.is_refused
        creating.create(question, FORM, by=person)
    assert not Halt.objects.exists()
    switches.lack_rights()
    work(bakery)
    assert creating.state_of([question])[question.pk].posting.state == PostingState.DONE
    syncing.make_due(bakery)  # the right came back: somebody has it read
    work(bakery)
    assert_made_once(question)


def test_on_pilot_nothing_is_written(bakery: Division, question: Question, person: User) -> None:
    Administration.objects.filter(division=bakery).update(mode=Mode.PILOT)
    question = Question.objects.get(pk=question.pk)
    with pytest.raises(Refused):
        creating.create(question, FORM, by=person)
    supplier = Relation.objects.filter(division=bakery, is_supplier=True, blocked=False).first()
    assert supplier
    with pytest.raises(Refused):
        enriching.enrich(question, supplier, ["vat", "kvk", "iban"], by=person)
    work(bakery)
    assert (writes(), Posting.objects.exists()) == ([], False)


def test_what_waits_when_a_pilot_begins_is_not_written_any_more(
    bakery: Division, question: Question, person: User
) -> None:
    creating.create(question, FORM, by=person)
    Administration.objects.filter(division=bakery).update(mode=Mode.PILOT)
    work(bakery)
    assert writes() == []
    assert creating.state_of([question])[question.pk].is_refused
    Administration.objects.filter(division=bakery).update(mode=Mode.AUTOMATIC)
    creating.create(Question.objects.get(pk=question.pk), FORM, by=person)
    work(bakery)
    assert_made_once(question)


def test_two_clicks_make_one(bakery: Division, question: Question, person: User) -> None:
    creating.create(question, FORM, by=person)
    with pytest.raises(Refused):
        creating.create(Question.objects.get(pk=question.pk), FORM, by=person)
    work(bakery)
    assert_made_once(question)
    with pytest.raises(Refused):
        creating.create(Question.objects.get(pk=question.pk), FORM, by=person)


def test_nothing_is_sent_while_the_administration_is_paused(
    bakery: Division, question: Question, person: User
) -> None:
    assert bakery.administration
    bakery.administration.pause(by=person)
    creating.create(question, FORM, by=person)
    work(bakery)
    assert writes() == []
    assert creating.state_of([question])[question.pk].posting.state == PostingState.WAITING
    bakery.administration.resume(by=person)
    work(bakery)
    assert_made_once(question)


def test_who_answers_otherwise_meanwhile_is_not_overruled(
    bakery: Division, question: Question, person: User
) -> None:
    creating.create(question, FORM, by=person)
    other = (
        Relation.objects.filter(division=bakery, is_supplier=True, blocked=False)
        .select_related("division")
        .first()
    )
    assert other
    map_vendor(question, other, by=person)
    work(bakery)
    question.refresh_from_db()
    assert question.supplier == other.exact_id
    assert not CardWrite.objects.under_way().exists()


def test_documents_that_a_killed_process_left_behind_move_on(
    bakery: Division, question: Question, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    creating.create(question, FORM, by=person)
    deliver(bakery)
    answering.settle()
    syncing.run(bakery)

    class Killed(BaseException):
        """Nobody catches this."""

    def killed(*_values: Any, **_more: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("apps.invoices.coding_safely.code", killed)
        with pytest.raises(Killed):
            answering.settle()
    question.refresh_from_db()
    assert question.answered_at is not None
    assert question.invoices.filter(state=State.ATTENTION).count() == 3
    work(bakery)
    assert_made_once(question)


@pytest.fixture
def bare(bakery: Division, question: Question) -> Relation:
    """A supplier that people made with a name and a VAT number of its own only, and no account."""
    Exact(bakery).post(ACCOUNTS, {"Name": "Anker", "IsSupplier": True, "Email": "post@old.example.nl"})
    syncing.make_due(bakery)
    syncing.run(bakery)
    return Relation.objects.select_related("division").get(division=bakery, name="Anker")


def test_only_what_the_card_lacks_is_filled_in(
    bakery: Division, question: Question, bare: Relation, person: User
) -> None:
    there = offer(question, bare)
    assert there == {
        "vat": THEIR_VAT,
        "kvk": THEIR_KVK,
        "peppol": f"0106:{THEIR_KVK}",
        "iban": THEIR_IBAN,
    }
    Question.objects.filter(pk=question.pk).update(candidates=[{"supplier": str(bare.exact_id)}])
    question.refresh_from_db()
    assert offers([question])[question.pk] == {str(bare.exact_id): there}
    write = enriching.enrich(question, bare, ["vat", "kvk", "iban", "email", "name"], by=person)
    assert write.values == {"vat": THEIR_VAT, "kvk": THEIR_KVK, "iban": THEIR_IBAN}
    store_card = store.find(ACCOUNTS, BAKERY, str(bare.exact_id))
    assert store_card
    store.put(ACCOUNTS, BAKERY, {**store_card.data, "VATNumber": "NL001234567B01"})  # by hand, just now
    before = len(writes())
    work(bakery)
    assert writes()[before:] == [("PUT", ACCOUNTS), ("POST", BANK_ACCOUNTS)]
    (card,) = cards()
    assert (card.data["VATNumber"], card.data["Email"]) == ("NL001234567B01", "post@old.example.nl")
    assert (card.data.get("PeppolIdentifier"), accounts_of(card)) == (None, [THEIR_IBAN])
    write.refresh_from_db()
    assert (write.ended_at is None, write.remark) == (False, "")
    bare.refresh_from_db()
    assert bare.chamber_of_commerce == THEIR_KVK
    assert Posting.objects.get(method=Method.CARD).state == PostingState.DONE


@pytest.mark.parametrize(("verb", "path"), [("PUT", ACCOUNTS), ("POST", BANK_ACCOUNTS)])
@pytest.mark.parametrize("kind", UNCLEAR[:4])
def test_whatever_happens_to_a_filling_in_it_is_done_once(
    bakery: Division, question: Question, bare: Relation, person: User, kind: str, verb: str, path: str
) -> None:
    enriching.enrich(question, bare, ["kvk", "iban"], by=person)
    faults.arm(kind, method=verb, path=path)
    work(bakery, rounds=6)
    (card,) = cards()
    assert accounts_of(card) == [THEIR_IBAN]
    assert not CardWrite.objects.under_way().exists()


def test_a_card_with_an_account_gets_no_other_one(
    bakery: Division, question: Question, bare: Relation, person: User
) -> None:
    enriching.enrich(question, bare, ["iban"], by=person)
    other = {"Account": str(bare.exact_id), "BankAccount": "NL20INGB0001234567"}
    Exact(bakery).post(BANK_ACCOUNTS, other)
    work(bakery)
    rows = [
        row.data["BankAccount"]
        for row in store.rows(BANK_ACCOUNTS, BAKERY)
        if row.data["Account"] == other["Account"]
    ]
    assert rows == ["NL20INGB0001234567"]
    assert CardWrite.objects.get().remark
    assert "iban" not in offer(question, bare)


def test_two_clicks_fill_in_once_and_a_number_of_another_card_never(
    bakery: Division, question: Question, bare: Relation, person: User
) -> None:
    Exact(bakery).post(ACCOUNTS, {"Name": "Touw", "IsSupplier": True, "VATNumber": THEIR_VAT})
    syncing.make_due(bakery)
    syncing.run(bakery)
    with pytest.raises(Refused, match="Touw"):
        enriching.enrich(question, bare, ["vat", "kvk"], by=person)
    enriching.enrich(question, bare, ["kvk"], by=person)
    with pytest.raises(Refused):
        enriching.enrich(question, bare, ["kvk"], by=person)
    with pytest.raises(Refused):
        enriching.enrich(question, bare, ["name", "email"], by=person)


def test_what_exact_refuses_to_fill_in_is_told(
    bakery: Division, question: Question, bare: Relation, person: User
) -> None:
    enriching.enrich(question, bare, ["kvk"], by=person)
    switches.delete(ACCOUNTS, BAKERY, str(bare.exact_id))
    work(bakery)
    (write,) = CardWrite.objects.last_of([question], CardAct.ENRICH).values()
    assert write.sentence == write.posting.words != ""
