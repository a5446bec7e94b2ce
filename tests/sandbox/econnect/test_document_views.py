"""Documents that came in at eConnect."""

from datetime import timedelta

import pytest

from apps.sandbox import time
from apps.sandbox.econnect import network, switches
from apps.sandbox.models import FormatParameter
from tests.sandbox.econnect.driver import (
    BAKERY,
    BAKERY_AS_TEXT,
    DEAF,
    INVOICE,
    NLCIUS,
    OF_THE_CLIENT,
    Econnect,
    words,
)


@pytest.fixture
def sent(econnect: Econnect) -> str:
    """An invoice for the bakery."""
    return network.send(BAKERY, INVOICE)


@pytest.mark.parametrize("party", [BAKERY, BAKERY_AS_TEXT, f"iso6523-actorid-upis::{BAKERY}"])
def test_a_document_is_had_as_it_was_sent_by_any_form_of_the_id(
    econnect: Econnect, sent: str, party: str
) -> None:
    answer = econnect.download(sent, party)
    assert (answer.status_code, answer.content) == (200, INVOICE)
    assert answer.headers["Content-Type"] == "application/xml"


@pytest.mark.parametrize("honoured", FormatParameter.values)
@pytest.mark.parametrize("asked", FormatParameter.values)
def test_a_format_is_asked_for_by_one_name_and_the_other_is_ignored(
    econnect: Econnect, sent: str, honoured: str, asked: str
) -> None:
    switches.change(format_parameter=honoured)
    content = econnect.download(sent, **{asked: NLCIUS}).content
    is_nlcius = b">urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0<" in content
    assert is_nlcius == (honoured == asked)
    assert (content == INVOICE) == (honoured != asked)


def test_a_format_that_cannot_be_read_is_refused(econnect: Econnect, sent: str) -> None:
    assert econnect.download(sent, targetDocumentTypeId="pdf").status_code == 400
    assert network.document(sent).first_downloaded_at is None


def test_an_order_is_had_below_either_name_and_not_as_an_invoice(econnect: Econnect) -> None:
    order = network.send(BAKERY, b"<Order/>", family="order")
    for family, status in (("order", 200), ("salesOrder", 200), ("purchaseInvoice", 404), ("thing", 404)):
        assert econnect.get(f"{BAKERY}/{family}/{order}/download").status_code == status
    assert econnect.call("DELETE", f"{BAKERY}/order/{order}").status_code == 204


def test_what_happened_is_told_in_order(econnect: Econnect, sent: str) -> None:
    econnect.download(sent)
    econnect.respond(sent, "AB", note="Thank you")
    told = econnect.get(econnect.about(sent, "status")).json()
    assert [each["name"] for each in told] == ["Received", "Downloaded", "ResponseAB"]
    assert told[0]["createdOn"].startswith("2026-10-05T12:00:")


def test_a_removed_document_is_gone_for_every_call(econnect: Econnect, sent: str) -> None:
    assert econnect.delete(sent).status_code == 204
    assert not network.is_there(sent)
    for answer in (
        econnect.download(sent),
        econnect.delete(sent),
        econnect.respond(sent, "AB"),
        econnect.get(econnect.about(sent, "status")),
    ):
        assert answer.status_code == 404
        assert sent in words(answer)


def test_senders_can_be_answered_after_removal_where_that_is_switched(econnect: Econnect, sent: str) -> None:
    switches.change(answers_after_removal=True)
    econnect.delete(sent)
    assert econnect.respond(sent, "AB").status_code == 200
    assert econnect.respond("unknown", "AB").status_code == 404


@pytest.mark.parametrize(
    ("party", "document"), [(BAKERY, "3f0c2f6e-0000-4000-8000-000000000000"), ("0106:70349243", "")]
)
def test_an_unknown_document_and_that_of_a_sister_are_not_found(
    econnect: Econnect, sent: str, party: str, document: str
) -> None:
    assert econnect.download(document or sent, party).status_code == 404


@pytest.mark.parametrize("party", [OF_THE_CLIENT, "0106:99999998"])
def test_a_party_of_somebody_else_is_forbidden(econnect: Econnect, sent: str, party: str) -> None:
    refused = econnect.download(sent, party)
    assert refused.status_code == 403
    assert party in words(refused)


def test_a_user_reaches_its_own_party_only(client_of_firm: Econnect) -> None:
    theirs = network.send(OF_THE_CLIENT, INVOICE)
    assert client_of_firm.download(theirs, OF_THE_CLIENT).status_code == 200
    assert client_of_firm.download(theirs, BAKERY).status_code == 403


def test_permissions_are_asked_for_each_act(econnect: Econnect, sent: str) -> None:
    assert econnect.download(network.send(DEAF, INVOICE), DEAF).status_code == 403
    network.parties.add(BAKERY, can_remove_document=False, can_change_document_status=False)
    refused = econnect.delete(sent)
    assert (refused.status_code, "canRemoveDocument" in words(refused)) == (403, True)
    assert "canChangeDocumentStatus" in words(econnect.respond(sent, "AB"))
    assert econnect.download(sent).status_code == 200


def test_it_is_gone_after_90_days(econnect: Econnect, sent: str) -> None:
    time.advance(timedelta(days=90, seconds=-60))
    assert network.documents(BAKERY) == [sent]
    time.advance(61)
    assert Econnect().download(sent).status_code == 404
    assert network.documents() == []


def test_it_is_gone_seven_days_after_the_first_download(econnect: Econnect, sent: str) -> None:
    econnect.download(sent)
    time.advance(timedelta(days=5))
    assert Econnect().download(sent).status_code == 200
    time.advance(timedelta(days=2, seconds=1))
    assert Econnect().download(sent).status_code == 404


@pytest.mark.parametrize(("days", "status"), [(3, 404), (0, 200)])
def test_how_long_it_is_kept_can_be_switched(econnect: Econnect, sent: str, days: int, status: int) -> None:
    switches.change(keeps_days=days, keeps_days_after_download=0)
    econnect.download(sent)
    time.advance(timedelta(days=400))
    assert Econnect().download(sent).status_code == status


def test_verbs_that_an_address_lacks_are_refused(econnect: Econnect, sent: str) -> None:
    assert econnect.call("POST", econnect.about(sent, "download")).status_code == 405
    refused = econnect.get(econnect.about(sent))
    assert (refused.status_code, refused.headers["Allow"]) == (405, "DELETE")


def test_an_address_that_leads_nowhere_is_answered_like_the_others(econnect: Econnect) -> None:
    assert words(econnect.get("nothing/of/this/kind/at/all")) == "Resource not found."
