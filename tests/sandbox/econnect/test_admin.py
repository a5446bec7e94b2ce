"""The simulated eConnect in the admin."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.people.models import Role
from apps.sandbox.econnect import network, switches
from apps.sandbox.models import EconnectDocument, EconnectMail, EconnectNotice, EconnectParty
from tests.people.factories import UserFactory
from tests.sandbox.econnect.driver import BAKERY, INVOICE, Econnect


@pytest.fixture
def administrator(econnect: Econnect) -> Client:
    """A browser in which an administrator is signed in, beside a mail hook."""
    econnect.hook("mailto:in@postkamer.example", "*")
    browser = Client()
    browser.force_login(UserFactory.create(role=Role.ADMINISTRATOR))
    return browser


def page(model: str, name: str = "changelist", *args: Any) -> str:
    return reverse(f"admin:sandbox_{model}_{name}", args=args)


def test_a_file_arrives_by_form_and_the_hooks_are_called(
    administrator: Client, django_capture_on_commit_callbacks: Any
) -> None:
    assert administrator.get(page("econnectdocument", "add")).status_code == 200
    form = {
        "family": "invoice",
        "party": EconnectParty.objects.get(party_id=BAKERY).pk,
        "file": SimpleUploadedFile("invoice.xml", INVOICE),
        "number": "",
        "sender": "",
    }
    with django_capture_on_commit_callbacks(using="sandbox", execute=True):
        assert administrator.post(page("econnectdocument", "add"), form).status_code == 302
    document = EconnectDocument.objects.get()
    assert (bytes(document.content), document.number) == (INVOICE, "2026-10441")
    assert len(network.mails()) == 1
    assert administrator.get(page("econnectdocument", "change", document.pk)).status_code == 200
    mail = EconnectMail.objects.get()
    assert document.document_id in administrator.get(page("econnectmail", "change", mail.pk)).content.decode()


@pytest.mark.parametrize(
    ("model", "action", "count"),
    [("econnectdocument", "tell_again", 1), ("econnectnotice", "call_now", 1)],
)
def test_what_was_lost_is_told_again_from_the_list(
    administrator: Client, django_capture_on_commit_callbacks: Any, model: str, action: str, count: int
) -> None:
    sent = network.send(BAKERY, INVOICE)
    EconnectNotice.objects.update(done=True, mishap="hook_lost")
    row = {"econnectdocument": network.document(sent), "econnectnotice": network.notices()[0]}[model]
    with django_capture_on_commit_callbacks(using="sandbox", execute=True):
        administrator.post(page(model), {"_selected_action": [str(row.pk)], "action": action})
    network.deliver_due()
    assert len(network.mails()) == count


def test_parties_and_settings_are_changed_by_form(administrator: Client, econnect: Econnect) -> None:
    form = {"party_id": "0106:11112222", "name": "New", "can_receive_document": "on"}
    assert administrator.post(page("econnectparty", "add"), form).status_code == 302
    party = econnect.get("me/party").json()[-1]
    assert (party["id"], party["permissions"]["canReceiveDocument"]) == ("0106:11112222", True)
    assert not party["permissions"]["canRemoveDocument"]
    answer = administrator.get(page("econnectswitches", "change", 1))
    shown: dict[str, Any] = answer.context["adminform"].form.initial
    form = {name: str(value) for name, value in shown.items() if value is not False}
    form |= {"keeps_days": "30", "hook_verb": "POST"}
    assert administrator.post(page("econnectswitches", "change", 1), form).status_code == 302
    assert (switches.current().keeps_days, switches.current().hook_verb) == (30, "POST")


@pytest.mark.parametrize("model", ["econnectdocument", "econnectnotice", "econnectresponse", "econnecthook"])
def test_lists_cost_the_same_at_any_size(
    administrator: Client, econnect: Econnect, django_assert_max_num_queries: Any, model: str
) -> None:
    for _time in range(12):
        econnect.respond(network.send(BAKERY, INVOICE), "AB")
    with django_assert_max_num_queries(20):
        assert administrator.get(page(model)).status_code == 200
    with django_assert_max_num_queries(8, using="sandbox"):
        assert administrator.get(page(model)).status_code == 200
