"""What must be right before documents reach the books by a digital mailbox."""

import pytest

from apps.clients.models import Package
from apps.exact import mailbox_checklist
from apps.exact.mailbox_points import Point
from apps.exact.models import Connection, Division, SentBy
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import DigitalMailboxFactory, DivisionFactory
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db


def points(**more: object) -> dict[str, Point]:
    version = more.pop("version", "413")
    package = more.pop("package", Package.EXACT_GLOBE)
    administration = AdministrationFactory(package=package, globe_version=version)
    DivisionFactory(administration=administration, name="Holds it")
    mailbox = DigitalMailboxFactory(administration=administration, **more)
    return {str(point.name): point for point in mailbox_checklist.points(mailbox)}


def test_globe_in_order() -> None:
    found = points(state="active", setting_confirmed="Kim, today", sender_allowed="Kim", sent_by=SentBy.EMAIL)
    assert list(found) == [
        "version of Exact Globe",
        "division in Exact Online",
        "digital mailbox",
        "address in Exact Globe",
        "allowed sender",
    ]
    assert {point.level for point in found.values()} == {"good"}


@pytest.mark.parametrize(
    ("version", "level", "words"),
    [("412", "poor", "version 413 or later"), ("", "fair", "Help > About"), ("420SP5", "good", "420SP5")],
)
def test_the_version_is_checked_and_explained(version: str, level: str, words: str) -> None:
    point = points(version=version)["version of Exact Globe"]
    assert point.level == level
    assert words in str(point.words)


def test_the_setting_names_where_and_what() -> None:
    point = points(address="1@facturen.econnect.eu")["address in Exact Globe"]
    assert (point.level, point.confirm) == ("fair", "setting_confirmed")
    assert "1@facturen.econnect.eu at System > Settings > Administration settings" in str(point.words)


def test_exact_online_needs_neither_version_nor_setting() -> None:
    assert list(points(package=Package.EXACT_ONLINE)) == ["division in Exact Online", "digital mailbox"]
    by_mail = points(package=Package.EXACT_ONLINE, sent_by=SentBy.EMAIL)["allowed sender"]
    assert by_mail.confirm == "sender_allowed"
    assert "toegestane afzenders" in str(by_mail.words)


def test_without_a_division_or_a_connection_it_says_so() -> None:
    mailbox = DigitalMailboxFactory()
    assert mailbox_checklist.points(mailbox)[0].level == "poor"
    division = DivisionFactory(administration=mailbox.administration)
    Division.objects.filter(pk=division.pk).update(connection=None)
    Connection.objects.all().delete()
    assert "no connection reaches" in str(mailbox_checklist.points(mailbox)[0].words)


def test_a_person_confirms_what_no_call_shows() -> None:
    mailbox, somebody = DigitalMailboxFactory(), UserFactory()
    mailbox_checklist.confirm(mailbox, "sender_allowed", by=somebody)
    assert mailbox.sender_allowed.startswith(str(somebody))
    newest = mailbox.history.first()
    assert (newest.history_user, newest.history_change_reason) == (somebody, "the sender is allowed")
    with pytest.raises(KeyError):
        mailbox_checklist.confirm(mailbox, "address", by=somebody)
