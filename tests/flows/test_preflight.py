"""A preflight names what would keep an administration from booking by itself, and what to do about each."""

from datetime import timedelta

import pytest
from django.utils import translation

from apps.clients.models import Package
from apps.exact import mirror
from apps.exact.models import Division
from apps.preflight import checking
from apps.preflight.fixes import words_of
from apps.preflight.models import Preflight
from apps.rules.models import VATTable
from apps.sandbox import calls, switches, time
from tests.exact.factories import DigitalMailboxFactory
from tests.people.factories import UserFactory
from tests.preflight import divisions


def poor(kept: Preflight) -> dict[str, str]:
    return {point["key"]: point["case"] for point in kept.points if point["level"] == "poor"}


@pytest.fixture
def healthy(bakery: Division) -> Division:
    assert bakery.administration
    switches.change(minute_limit=10_000)
    divisions.mend_cards(bakery)
    divisions.said_to_be_alone(bakery.administration, UserFactory())
    return bakery


def test_a_healthy_division_scores_a_hundred(healthy: Division) -> None:
    assert healthy.administration
    kept = checking.check(healthy.administration)
    assert [point for point in kept.points if point["level"] not in ("good", "note")] == []
    assert (kept.score, kept.poor) == (100, 0)


def test_a_broken_division_names_each_of_its_fifteen_defects_with_its_fix(healthy: Division) -> None:
    assert healthy.administration
    divisions.break_in_fifteen_ways(healthy, UserFactory())
    kept = checking.check(healthy.administration)
    assert poor(kept) == divisions.DEFECTS
    assert (len(poor(kept)), kept.poor) == (15, 15)
    assert kept.score is not None and kept.score < 50
    for point in kept.points:
        if point["level"] == "poor":
            told = {}
            for language in ("nl", "en"):
                with translation.override(language):
                    told[language] = words_of(point)
                assert told[language].what and told[language].fix
                assert "%(" not in told[language].what + told[language].fix
            assert told["nl"].what != told["en"].what
            assert told["nl"].fix != told["en"].fix


def test_books_in_globe_score_a_hundred_by_their_mailbox_and_nothing_else(healthy: Division) -> None:
    administration = healthy.administration
    assert administration
    VATTable.objects.filter(administration=administration).delete()
    administration.package, administration.globe_version = Package.EXACT_GLOBE, "413"
    administration.purchase_journal = ""
    administration.save(update_fields=["package", "globe_version", "purchase_journal"])
    point = {one["key"]: one for one in checking.check(administration).points}["digital_mailbox"]
    assert (point["level"], point["case"]) == ("fair", "state")
    DigitalMailboxFactory(administration=administration, is_active=True, setting_confirmed="Kim, today")
    kept = checking.check(administration)
    assert [one for one in kept.points if one["level"] not in ("good", "note")] == []
    assert kept.score == 100


def test_a_licence_without_the_mailbox_leaves_a_division_healthy_that_books_entries(
    healthy: Division,
) -> None:
    assert healthy.administration
    switches.set_package(healthy.code, features=[(1, "Accounting")])
    switches.lack_rights("mailbox/Mailboxes", "mailbox/MailMessagesSent")
    mirror.sync(healthy)
    assert checking.check(healthy.administration).score == 100


@pytest.mark.parametrize(
    ("broken", "key"),
    [
        (lambda division: switches.set_package(division.code, is_trial=True), "trial"),
        (lambda _division: switches.lack_scopes("Crm accounts"), "scopes"),
        (lambda _division: switches.lack_rights("purchaseentry/PurchaseEntries"), "right_purchases"),
    ],
)
def test_one_defect_is_named_and_nothing_in_exact_is_changed(
    healthy: Division, broken: object, key: str
) -> None:
    assert healthy.administration and callable(broken)
    broken(healthy)
    mirror.sync(healthy)
    calls.clear()
    kept = checking.check(healthy.administration)
    assert list(poor(kept)) == [key]
    assert calls.count() == calls.count(method="GET") > 0


def test_what_was_mended_is_seen_by_check_now_and_the_night_after_costs_no_more(healthy: Division) -> None:
    administration = healthy.administration
    assert administration
    switches.lack_rights("documents/Documents")
    assert list(poor(checking.check(administration))) == ["right_documents"]
    switches.lack_rights()
    time.advance(timedelta(minutes=11))
    checking.ask(administration)
    kept = checking.check(administration)
    assert poor(kept) == {}
    assert kept.asked_at is None
    calls.clear()
    checking.ask(administration)
    checking.check(administration)
    assert calls.count() == 0
