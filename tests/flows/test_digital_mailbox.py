"""A digital mailbox from the button to active, and everything that Exact may say on the way."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from apps.clients.models import AdministrationIdentifier
from apps.core import clock
from apps.core.identifiers import Kind
from apps.exact import mailbox_making, mailbox_naming, mailbox_tasks
from apps.exact.client import Exact
from apps.exact.models import DigitalMailbox, Division, MailboxState
from apps.people.models import Role
from apps.sandbox import faults, switches, time
from apps.sandbox.exact import store
from apps.sandbox.exact.mailboxes import MAILBOXES
from apps.sandbox.models import ExactUser, FaultKind, Package, RegisteredApp, Row
from tests import office
from tests.bells import calls, forget, rung
from tests.clients.factories import AdministrationFactory

pytestmark = pytest.mark.django_db

KVK = "64134164"
ADDRESS = f"{KVK}@facturen.econnect.eu"
WAIT = timedelta(minutes=settings.EXACT_MAILBOX_MINUTES)
LANGUAGES = ["nl", "en"]
Writes = Callable[[], int]


@pytest.fixture
def mailbox(division: Division) -> DigitalMailbox:
    """Set up, not asked for yet; its division is the bakery's."""
    administration = AdministrationFactory(name="Bakkerij De Gouden Aar B.V.")
    Division.objects.filter(pk=division.pk).update(administration=administration)
    AdministrationIdentifier.objects.create(administration=administration, kind=Kind.KVK, value=KVK)
    return mailbox_naming.set_up(administration)


@pytest.fixture
def writes(count_calls: Any) -> Writes:
    """Count the creations that were sent."""
    return lambda: int(count_calls("mailbox/Mailboxes", method="POST"))


def page(mailbox: DigitalMailbox, language: str = "en") -> str:
    browser = office.browser(office.person(Role.ADMINISTRATOR, language=language))
    text: str = browser.get(f"/exact/digitalmailbox/{mailbox.pk}/change/").content.decode()
    return text


def press(mailbox: DigitalMailbox, act: str) -> None:
    browser = office.browser(office.person(Role.ADMINISTRATOR))
    assert browser.post(f"/exact/digitalmailbox/{mailbox.pk}/act/", {"act": act}).status_code == 302


def work(mailbox: DigitalMailbox) -> DigitalMailbox:
    """Let the worker do what is due."""
    for pk in mailbox_making.due():
        mailbox_tasks.look_at_mailbox(pk)
    mailbox.refresh_from_db()
    return mailbox


def in_exact() -> list[tuple[str, int]]:
    rows = Row.objects.filter(resource=MAILBOXES)
    return [(row.data["Mailbox"], row.data["ForDivision"]) for row in rows]


def there(division: int, **more: Any) -> None:
    """Put the address into Exact, bound to `division`."""
    row = {"ID": "0f0f0f0f-0000-4000-8000-000000000001", "Mailbox": ADDRESS, "ForDivision": division}
    store.put(MAILBOXES, division, {**row, **more})


def speak(language: str) -> None:
    ExactUser.objects.update(language=language)


def test_it_is_made_waited_for_and_found_active(mailbox: DigitalMailbox, writes: Writes) -> None:
    switches.change(mailbox_minutes=4)
    forget()
    press(mailbox, "create")
    assert writes() == 0  # a worker does it, no page
    assert rung() == calls(mailbox_making.LOOK, mailbox.pk)
    assert work(mailbox).state == MailboxState.FRESH
    assert in_exact() == [(ADDRESS, 3100101)]
    with translation.override("en"):
        assert "Exact Online needs some minutes" in page(mailbox)
    for minutes in (1, 2):
        time.advance(timedelta(minutes=minutes))
        assert work(mailbox).state == MailboxState.FRESH
    time.advance(WAIT)
    assert work(mailbox).state == MailboxState.ACTIVE
    assert (mailbox.for_division, mailbox.check_at, writes()) == (3100101, None, 1)


def test_one_that_is_there_is_found_and_nothing_is_made(mailbox: DigitalMailbox, writes: Writes) -> None:
    there(3100101)
    press(mailbox, "create")
    assert work(mailbox).state == MailboxState.ACTIVE
    assert writes() == 0


THEIRS = "bakkerij@exact.example"


def test_a_default_mailbox_of_another_name_is_a_question(mailbox: DigitalMailbox, writes: Writes) -> None:
    there(3100101, Mailbox=THEIRS)
    press(mailbox, "create")
    assert (work(mailbox).state, mailbox.address) == (MailboxState.OFFERED, ADDRESS)
    mailbox_tasks.look_at_mailbox(mailbox.pk)
    assert writes() == 0
    text = page(mailbox)
    assert [part for part in (THEIRS, "Use this one", "Make our own") if part not in text] == []
    press(mailbox, "use")
    assert (work(mailbox).state, mailbox.address, writes()) == (MailboxState.ACTIVE, THEIRS, 0)


def test_our_own_is_made_when_a_person_wants_that(mailbox: DigitalMailbox, writes: Writes) -> None:
    there(3100101, Mailbox=THEIRS)
    press(mailbox, "create")
    work(mailbox)
    press(mailbox, "own")
    assert (work(mailbox).state, mailbox.address, writes()) == (MailboxState.FRESH, ADDRESS, 1)
    time.advance(WAIT)
    assert work(mailbox).state == MailboxState.ACTIVE


def test_one_that_was_used_and_vanished_is_not_made_under_its_foreign_address(
    mailbox: DigitalMailbox, writes: Writes
) -> None:
    DigitalMailbox.objects.update(state=MailboxState.MISSING, address=THEIRS, sender_allowed="Anna")
    press(mailbox, "retry")
    assert (work(mailbox).state, mailbox.address, mailbox.sender_allowed) == (MailboxState.FRESH, ADDRESS, "")
    assert (in_exact(), writes()) == ([(ADDRESS, 3100101)], 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_forbidden(mailbox: DigitalMailbox, writes: Writes, language: str) -> None:
    speak(language)
    ExactUser.objects.update(missing_scopes=["Communication mailboxes"])
    press(mailbox, "create")
    assert work(mailbox).state == MailboxState.FORBIDDEN
    assert (in_exact(), writes()) == ([], 0)
    words = {"nl": "Deze gebruiker mag in Exact Online", "en": "does not let this user see or make"}
    _says(mailbox, language, words[language], "Forbidden")
    ExactUser.objects.update(missing_scopes=[])
    press(mailbox, "retry")
    assert work(mailbox).state == MailboxState.FRESH
    assert writes() == 1


def test_a_scope_that_our_app_lacks_is_another_remedy(mailbox: DigitalMailbox) -> None:
    RegisteredApp.objects.update(missing_scopes=["Communication mailboxes"])
    press(mailbox, "create")
    assert work(mailbox).state == MailboxState.FORBIDDEN
    assert "Tick the scope Communication mailboxes" in page(mailbox)


def test_a_licence_without_mailboxes_is_forbidden(mailbox: DigitalMailbox) -> None:
    Package.objects.update(features=[])
    press(mailbox, "create")
    assert (work(mailbox).state, in_exact()) == (MailboxState.FORBIDDEN, [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_bound_to_another_division_of_the_same_owner(
    mailbox: DigitalMailbox, writes: Writes, language: str
) -> None:
    speak(language)
    there(3100102)
    press(mailbox, "create")
    assert (work(mailbox).state, mailbox.for_division) == (MailboxState.ELSEWHERE, 3100102)
    assert (in_exact(), writes()) == ([(ADDRESS, 3100102)], 0)
    words = {
        "nl": "Dit adres hangt in Exact Online aan een andere administratie",
        "en": "bound to another administration",
    }
    _says(mailbox, language, words[language], "3100101", "De Gouden Aar Vastgoed B.V. (3100102)")
    Row.objects.filter(resource=MAILBOXES).delete()
    there(3100101)
    press(mailbox, "retry")
    assert work(mailbox).state == MailboxState.ACTIVE


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("chamber", "other"), [(KVK, 3100301), ("", None)])
def test_refused_because_of_another_owners_division(
    mailbox: DigitalMailbox, writes: Writes, language: str, chamber: str, other: int | None
) -> None:
    speak(language)
    there(3100301)
    Division.objects.filter(code=3100301).update(chamber_of_commerce=chamber)
    press(mailbox, "create")
    assert (work(mailbox).state, mailbox.for_division) == (MailboxState.ELSEWHERE, other)
    assert in_exact() == [(ADDRESS, 3100301)]
    assert writes() == 1
    exacts = {"nl": "Bestaat reeds: Digitale brievenbus", "en": "Already exists: Digital mailbox"}
    _says(mailbox, language, exacts[language], "(3100101)", "(3100301)" if other else "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_trial_licence(mailbox: DigitalMailbox, writes: Writes, language: str) -> None:
    speak(language)
    Package.objects.filter(division=3100101).update(is_trial=True)
    press(mailbox, "create")
    assert (work(mailbox).state, in_exact(), writes()) == (MailboxState.TRIAL, [], 1)
    sentence = {
        "nl": "In een proeflicentie maakt Exact Online geen digitale brievenbus",
        "en": "Exact Online makes no digital mailbox in a trial licence",
    }
    exacts = {"nl": "limiet van een proefaccount", "en": "trial account limit"}
    _says(mailbox, language, sentence[language], exacts[language])
    Package.objects.filter(division=3100101).update(is_trial=False)
    press(mailbox, "retry")
    assert work(mailbox).state == MailboxState.FRESH


def _says(mailbox: DigitalMailbox, language: str, *words: str) -> None:
    text = page(mailbox, language)
    assert [part for part in words if part not in text] == []


@pytest.mark.parametrize("kind", [FaultKind.DROPPED_ANSWER, FaultKind.GARBLED, FaultKind.ERROR_AFTER_COMMIT])
@pytest.mark.parametrize("minutes", [0, 3])
def test_a_lost_answer_makes_one_only(
    mailbox: DigitalMailbox, writes: Writes, kind: str, minutes: int
) -> None:
    switches.change(mailbox_minutes=minutes)
    faults.arm(kind, method="POST", path="mailbox/Mailboxes")
    press(mailbox, "create")
    assert work(mailbox).state == MailboxState.FRESH
    press(mailbox, "create")  # refused while it is under way
    mailbox_tasks.look_at_mailbox(mailbox.pk)
    for _each in range(4):
        time.advance(timedelta(minutes=4))
        work(mailbox)
    assert (mailbox.state, writes(), in_exact()) == (MailboxState.ACTIVE, 1, [(ADDRESS, 3100101)])


@pytest.mark.parametrize("kind", [FaultKind.DROPPED_BEFORE, FaultKind.ERROR_BEFORE_COMMIT])
def test_what_never_arrived_is_missing_after_the_waiting_time_and_made_again_by_a_person(
    mailbox: DigitalMailbox, kind: str
) -> None:
    faults.arm(kind, method="POST", path="mailbox/Mailboxes")
    press(mailbox, "create")
    work(mailbox)
    time.advance(WAIT - timedelta(minutes=1))
    assert work(mailbox).state == MailboxState.FRESH
    time.advance(timedelta(minutes=2))
    assert (work(mailbox).state, in_exact()) == (MailboxState.MISSING, [])
    press(mailbox, "retry")
    assert work(mailbox).state == MailboxState.FRESH
    assert in_exact() == [(ADDRESS, 3100101)]


@pytest.mark.parametrize("kind", [FaultKind.TOO_MANY, FaultKind.GATEWAY])
def test_a_look_that_failed_is_made_again_by_itself(
    mailbox: DigitalMailbox, writes: Writes, kind: str
) -> None:
    faults.arm(kind, method="GET", path="mailbox/Mailboxes")
    press(mailbox, "create")
    assert work(mailbox).is_wanted
    time.advance(timedelta(minutes=6))
    assert (work(mailbox).state, writes()) == (MailboxState.FRESH, 1)


def test_a_worker_killed_before_the_call_leaves_nothing_that_hangs(
    mailbox: DigitalMailbox, writes: Writes, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(mailbox, "create")
    with monkeypatch.context() as patched:
        patched.setattr(Exact, "post", _killed)
        with pytest.raises(KeyboardInterrupt):
            work(mailbox)
    mailbox.refresh_from_db()
    assert mailbox.state == MailboxState.FRESH
    Division.objects.update(lease=None, leased_until=None)
    time.advance(WAIT + timedelta(minutes=1))
    assert (work(mailbox).state, writes()) == (MailboxState.MISSING, 0)


def _killed(*_args: Any) -> None:
    raise KeyboardInterrupt


def test_two_workers_send_one_creation(mailbox: DigitalMailbox, writes: Writes) -> None:
    press(mailbox, "create")
    first, second = (DigitalMailbox.objects.get(pk=mailbox.pk) for _each in range(2))
    Row.objects.filter(resource=MAILBOXES).delete()
    mailbox_making.look(first)
    Row.objects.filter(resource=MAILBOXES).delete()  # the second looked before the first one wrote
    mailbox_making.look(second)
    assert writes() == 1


def test_the_manual_way(mailbox: DigitalMailbox, writes: Writes) -> None:
    text = page(mailbox)
    assert "Mijn relatiegegevens &gt; Mijn digitale brievenbussen" in text
    assert ADDRESS in text
    press(mailbox, "done")
    assert work(mailbox).state == MailboxState.FRESH
    assert f"We look again at {clock.now().astimezone(clock.DUTCH) + timedelta(minutes=1):%H:%M}" in page(
        mailbox
    )
    for minutes in (1, 4):
        time.advance(timedelta(minutes=minutes, seconds=1))
        assert work(mailbox).state == MailboxState.FRESH
    time.advance(timedelta(minutes=6))
    assert work(mailbox).state == MailboxState.MISSING
    there(3100101)
    time.advance(timedelta(minutes=5))
    assert work(mailbox).state == MailboxState.ACTIVE
    assert writes() == 0


def test_a_person_who_did_nothing_is_told_within_the_hour_and_no_later_look_is_promised(
    mailbox: DigitalMailbox, writes: Writes
) -> None:
    press(mailbox, "done")
    for _each in range(8):
        work(mailbox)
        time.advance(timedelta(minutes=10))
    assert (work(mailbox).state, mailbox.check_at, writes()) == (MailboxState.MISSING, None, 0)


@pytest.mark.parametrize(
    ("moved", "state"), [(None, MailboxState.MISSING), (3100102, MailboxState.ELSEWHERE)]
)
def test_the_night_finds_one_that_vanished_or_was_rebound(
    mailbox: DigitalMailbox, moved: int | None, state: str
) -> None:
    there(3100101)
    press(mailbox, "create")
    work(mailbox)
    Row.objects.filter(resource=MAILBOXES).delete()
    if moved:
        there(moved)
    assert mailbox_making.of_the_night() == [mailbox.pk]
    forget()
    mailbox_tasks.look_at_all_mailboxes()
    assert rung() == calls(mailbox_making.LOOK, mailbox.pk)
    mailbox_tasks.look_at_mailbox(mailbox.pk)
    mailbox.refresh_from_db()
    assert mailbox.state == state
    assert [row.state for row in mailbox.history.all()[:2]] == [state, "active"]


def test_one_that_vanished_is_made_anew_by_a_person(mailbox: DigitalMailbox, writes: Writes) -> None:
    there(3100101)
    press(mailbox, "create")
    first = work(mailbox).exact_id
    Row.objects.filter(resource=MAILBOXES).delete()
    mailbox_tasks.look_at_mailbox(mailbox.pk)
    faults.arm(FaultKind.DROPPED_BEFORE, method="POST", path="mailbox/Mailboxes")
    mailbox.refresh_from_db()
    press(mailbox, "retry")
    assert (work(mailbox).state, mailbox.exact_id) == (MailboxState.FRESH, None)
    time.advance(WAIT)
    work(mailbox)
    press(mailbox, "retry")
    assert work(mailbox).state == MailboxState.FRESH
    assert mailbox.exact_id not in (first, None)
    assert (writes(), len(in_exact())) == (2, 1)


def test_who_did_what_stands_in_the_history(mailbox: DigitalMailbox) -> None:
    press(mailbox, "create")
    work(mailbox)
    asked = mailbox.history.get(history_change_reason__gt="")
    assert asked.history_user.role == Role.ADMINISTRATOR
