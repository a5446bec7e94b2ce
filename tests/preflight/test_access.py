from typing import Any

import pytest

from apps.clients.models import Administration, Package
from apps.exact.models import Division, MailboxState, SentBy
from apps.exact.rights_words import ASKED_AT
from apps.invoices.models import ActiveMethod, Kind
from apps.posting.models import Method
from apps.preflight.access_facts import UserKind
from apps.preflight.gathering import gather
from tests.exact.factories import (
    DigitalMailboxFactory,
    RightProbeFactory,
    SyncStateFactory,
)

pytestmark = pytest.mark.django_db


def test_methods_are_those_by_which_documents_go(books: Administration, here: Division) -> None:
    assert gather(books).licence.methods == {"entry"}
    ActiveMethod.objects.create(administration=books, kind=Kind.CREDIT_NOTE, method=Method.MAILBOX)
    assert gather(books).licence.methods == {"entry", "mailbox"}
    books.package = Package.EXACT_GLOBE
    books.save(update_fields=["package"])
    licence = gather(books).licence
    assert (licence.methods, licence.wants_mailbox) == (frozenset({"mailbox"}), True)


def test_the_mailbox_is_told_by_its_own_advice_and_checklist(books: Administration, here: Division) -> None:
    found = gather(books).mailbox
    assert found and (found.level, found.open_points, found.told["state"]) == ("fair", (), "none")
    mailbox = DigitalMailboxFactory(administration=books, is_active=True, sent_by=SentBy.EMAIL)
    found = gather(books).mailbox
    assert found and (found.level, found.open_points) == ("good", ("fair",))
    assert gather(books).licence.has_mailbox
    mailbox.settle(state=MailboxState.TRIAL)
    found = gather(books).mailbox
    assert found and (found.level, found.is_refused_as_trial) == ("poor", True)
    assert not gather(books).licence.has_mailbox


def test_user_rights_and_scopes_come_from_the_probes_and_the_syncs(
    books: Administration, here: Division
) -> None:
    assert here.connection
    here.connection.me_facts = {"IsMyFirmPortalUser": True}
    here.connection.save(update_fields=["me_facts"])
    violated = "Forbidden - Application Scope Violated. Cannot read '{}' scope."
    RightProbeFactory(division=here, endpoint="crm/Accounts")
    RightProbeFactory(division=here, endpoint="crm/BankAccounts", allowed=False, words="Forbidden")
    RightProbeFactory(
        division=here,
        endpoint="mailbox/Mailboxes",
        allowed=False,
        is_scope=True,
        words=violated.format("communication.mailboxes"),
    )
    RightProbeFactory(division=here, endpoint=ASKED_AT, allowed=False, words="Forbidden")
    SyncStateFactory(division=here, resource="items", trouble=violated.format("logistics.items"))
    user = gather(books).user
    assert user.kind is UserKind.PORTAL
    assert (user.rights["contacts"], user.rights["bank_accounts"]) == (True, False)
    assert user.rights["mailboxes"] is None
    assert user.scopes == ("Communication mailboxes", "Logistics items")


def test_a_trial_is_known_by_a_feature_or_by_its_user(
    books: Administration, here: Division, settings: Any
) -> None:
    assert gather(books).licence.trial == ""
    Division.objects.filter(pk=here.pk).update(features=["Accounting", "Trial licence"])
    assert gather(books).licence.trial == "Trial licence"
    Division.objects.filter(pk=here.pk).update(features=["Accounting"])
    assert here.connection
    here.connection.me_facts = {"IsStarterUser": True}
    here.connection.save(update_fields=["me_facts"])
    licence = gather(books).licence
    assert (licence.trial, licence.is_trial_user) == ("", True)
    settings.EXACT_TRIAL_USER_FLAGS = ["IsClientUser"]
    assert not gather(books).licence.is_trial_user
