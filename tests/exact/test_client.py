import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from requests import Response

from apps.core import clock
from apps.core.http import OutcomeUnknown, Rejected, RemoteCallInTransaction, Temporary, Unauthorised
from apps.exact import client, connection_tasks, signing_in, syncing, windows
from apps.exact.client import Exact
from apps.exact.models import Connection, Division, OwnWrite
from apps.exact.values import filter_guid, filter_text
from apps.sandbox import faults, switches, time
from apps.sandbox.models import Call, Grant, RegisteredApp, Usage
from tests.exact.factories import DivisionFactory
from tests.signing import sign_in

DOCUMENTS = "documents/Documents"
DOCUMENT = {"Subject": "Invoice 1", "Type": 20}


@pytest.fixture
def exact(division: Division) -> Exact:
    return Exact(division)


def all_rows(exact: Exact, resource: str, **options: Any) -> list[dict[str, Any]]:
    return [row for page in exact.pages(resource, **options) for row in page]


def test_me_is_asked_without_a_division(connected: Connection) -> None:
    assert Exact(connected).me()["UserID"] == str(connected.exact_user)
    assert Call.objects.latest("pk").division is None


def test_divisions_come_with_their_chamber_of_commerce_number(connected: Connection) -> None:
    rows, complete = Exact(connected).divisions()
    assert complete
    assert {row["Code"] for row in rows} == {3100101, 3100102, 3100201, 3100301}
    assert rows[0]["ChamberOfCommerceNumber"]


def test_without_the_scope_the_divisions_of_the_licence_are_read(connected: Connection) -> None:
    switches.lack_scopes("Organization administration")
    rows, complete = Exact(connected).divisions()
    assert not complete
    assert rows
    assert "ChamberOfCommerceNumber" not in rows[0]


def click(code: int) -> None:
    """Let the user open another company in Exact's own screens: Me calls it the current division from now on."""
    far = {"touched": 2**62}
    Usage.objects.exclude(division=code).filter(touched=2**62).delete()
    Usage.objects.update_or_create(app=RegisteredApp.objects.get(), division=code, defaults=far)


def called() -> set[tuple[int | None, str]]:
    return set(Call.objects.values_list("division", "path"))


@pytest.mark.django_db
def test_only_the_first_list_of_a_user_stands_at_the_division_of_me() -> None:
    click(3100201)
    connection = sign_in()
    assert {code for code, path in called() if path.endswith("Divisions")} == {3100201}
    Call.objects.all().delete()
    click(3100301)
    assert Exact(connection).me()["CurrentDivision"] == 3100301
    Call.objects.all().delete()
    signing_in.refresh_divisions(connection)
    assert called() == {(connection.divisions.order_by("pk")[0].code, "system/Divisions")}


def test_no_call_follows_the_user_to_another_company(connected: Connection, division: Division) -> None:
    switches.change(minute_limit=10_000)
    Call.objects.all().delete()
    click(3100301)
    exact = Exact(division)
    for _page in exact.pages(DOCUMENTS, select=["ID"], top=5):
        click(3100301)
    made = exact.post(DOCUMENTS, DOCUMENT)
    exact.put(DOCUMENTS, UUID(made["ID"]), {"Subject": "Another"})
    exact.delete(DOCUMENTS, UUID(made["ID"]))
    signing_in.refresh_divisions(connected)
    connection_tasks.look_after(connected.pk)
    click(3100301)
    syncing.make_due(division)
    assert not syncing.run(division).busy
    assert len(called()) > 20
    assert {code for code, _path in called()} == {None, division.code}
    assert {path for code, path in called() if code is None} == {"current/Me"}
    assert Exact(connected).me()["CurrentDivision"] == 3100301


def test_a_known_division_that_was_ticked_off_gives_way_to_the_next(connected: Connection) -> None:
    switches.lack_scopes("Organization administration")
    first, second = connected.divisions.order_by("pk")[:2]
    Grant.objects.update(divisions=[second.code])
    Call.objects.all().delete()
    rows, complete = Exact(connected).divisions()
    assert (complete, [row["Code"] for row in rows]) == (False, [second.code])
    assert (None, "current/Me") not in called()
    Grant.objects.update(divisions=[])
    with pytest.raises(Unauthorised):
        Exact(connected).divisions()
    assert first.code != second.code


def test_all_pages_are_followed_and_counted(exact: Exact) -> None:
    pages = list(exact.pages("crm/BankAccounts", select=["ID", "BankAccount"]))
    assert [len(page) for page in pages[:-1]] == [60] * (len(pages) - 1)
    assert exact.calls == len(pages) == 4
    assert len({row["ID"] for page in pages for row in page}) == sum(map(len, pages))


def test_a_bare_list_is_read_as_well(exact: Exact) -> None:
    assert len(all_rows(exact, "vat/VATCodes", top=3)) == 3


def test_padded_codes_are_trimmed_and_found(exact: Exact) -> None:
    code = exact.find("crm/Accounts", "IsSupplier eq true", ["Code"])[0]["Code"]
    assert code == code.strip()
    assert exact.find("crm/Accounts", f"trim(Code) eq {filter_text(code)}", ["Code"]) == [{"Code": code}]


def test_nothing_found_is_an_empty_list(exact: Exact) -> None:
    assert exact.find("crm/Accounts", f"Name eq {filter_text('O´Neil & Söhne + 100% #1')}", ["ID"]) == []


def test_an_entity_is_created_and_comes_back_complete(exact: Exact) -> None:
    made = exact.post(DOCUMENTS, DOCUMENT)
    assert made["Subject"] == "Invoice 1"
    assert made["Created"]
    assert exact.find(DOCUMENTS, f"ID eq {filter_guid(made['ID'])}", ["Subject"]) == [
        {"Subject": "Invoice 1"}
    ]


def test_what_we_created_is_remembered(exact: Exact, division: Division) -> None:
    made = exact.post("crm/Accounts", {"Name": "New"})
    written = OwnWrite.objects.get()
    assert (written.division, str(written.key)) == (division, made["ID"])


def test_an_entity_is_removed_and_a_second_time_is_not_found(exact: Exact) -> None:
    key = UUID(exact.post("crm/Accounts", {"Name": "New"})["ID"])
    exact.delete("crm/Accounts", key)
    with pytest.raises(Rejected) as refused:
        exact.delete("crm/Accounts", key)
    assert refused.value.status == 404


def test_a_business_refusal_is_rejected_with_exacts_words(exact: Exact) -> None:
    with pytest.raises(Rejected, match="Verplicht") as caught:
        exact.post("purchaseentry/PurchaseEntries", {"Journal": "60"})
    assert caught.value.status == 500


def test_a_malformed_request_is_rejected(exact: Exact) -> None:
    with pytest.raises(Rejected) as caught:
        exact.post(DOCUMENTS, {**DOCUMENT, "NoSuchField": 1})
    assert caught.value.status == 400
    with pytest.raises(Rejected) as caught:
        exact.find("crm/Accounts", "")
    assert "mandatory filtering" in caught.value.words


@pytest.mark.parametrize(
    ("fault", "status"), [("error_before_commit", 500), ("error_before_commit", 503), ("dropped_before", 0)]
)
def test_a_read_without_an_answer_is_temporary(exact: Exact, fault: str, status: int) -> None:
    faults.arm(fault, method="GET", status=status)
    with pytest.raises(Temporary):
        exact.find("vat/VATCodes", "")
    assert exact.find("vat/VATCodes", "")


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("error_before_commit", 500),
        ("error_before_commit", 503),
        ("error_after_commit", 500),
        ("dropped_before", 0),
        ("dropped_answer", 0),
    ],
)
def test_a_write_without_an_answer_is_of_unknown_outcome_and_never_repeated(
    exact: Exact, fault: str, status: int, count_calls: Any
) -> None:
    faults.arm(fault, method="POST", path=DOCUMENTS, status=status)
    with pytest.raises(OutcomeUnknown):
        exact.post(DOCUMENTS, DOCUMENT)
    assert count_calls(DOCUMENTS, method="POST") == 1


def test_a_full_minute_says_when_to_come_back(exact: Exact) -> None:
    switches.change(minute_limit=1)
    time.move_to(clock.now().replace(second=10) + timedelta(minutes=1))
    exact.find("vat/VATCodes", "")
    with pytest.raises(Temporary) as caught:
        exact.post(DOCUMENTS, DOCUMENT)
    end = clock.now().replace(second=0, microsecond=0).timestamp() + 60
    assert caught.value.retry_at_ms == int(end + windows.LATE) * 1000


def test_an_expired_token_is_renewed_and_the_call_made_once_more(exact: Exact, count_calls: Any) -> None:
    time.advance(572)  # old enough to renew, not yet due
    faults.arm("expired_token")
    assert exact.post(DOCUMENTS, DOCUMENT)
    assert count_calls("oauth2/token") == 1
    assert exact.calls == 2


def test_a_token_that_stays_refused_is_for_the_owner(exact: Exact, count_calls: Any) -> None:
    faults.arm("expired_token")
    with pytest.raises(Unauthorised) as caught:
        exact.post(DOCUMENTS, DOCUMENT)
    assert caught.value.status == 401
    assert exact.calls == 1


def test_a_division_that_was_not_granted_is_for_the_owner(exact: Exact) -> None:
    Grant.objects.update(divisions=[3100102])
    with pytest.raises(Unauthorised) as caught:
        exact.find("vat/VATCodes", "")
    assert caught.value.status == 403


@pytest.mark.parametrize("reason", ["BlockedUser", "InactiveUser", "LicenseExpired"])
def test_the_reason_header_becomes_a_sentence(exact: Exact, reason: str) -> None:
    switches.block_user(reason)
    with pytest.raises(Unauthorised) as caught:
        exact.find("vat/VATCodes", "")
    assert caught.value.reason == reason
    assert " " in caught.value.words


def test_a_missing_scope_is_named(exact: Exact) -> None:
    switches.lack_scopes("Financial accounting")
    with pytest.raises(Unauthorised, match="Scope"):
        exact.find("vat/VATCodes", "")


def test_no_call_inside_a_transaction(exact: Exact, count_calls: Any) -> None:
    with pytest.raises(RemoteCallInTransaction), transaction.atomic():
        exact.post(DOCUMENTS, DOCUMENT)
    assert count_calls() == 0


def test_a_division_without_a_connection_is_for_its_owner(db: None) -> None:
    with pytest.raises(Unauthorised, match="no connection"):
        Exact(DivisionFactory(connection=None)).find("vat/VATCodes", "")


def test_data_needs_a_division(connected: Connection) -> None:
    with pytest.raises(ValueError, match="division"):
        Exact(connected).find("vat/VATCodes", "")


def test_a_next_page_elsewhere_is_not_followed(exact: Exact) -> None:
    with pytest.raises(Rejected, match="another host"):
        exact._same_host("https://elsewhere.example/api/v1/1/crm/Accounts?$skiptoken=1")


def answer(status: int, body: Any = None, **headers: str) -> Response:
    response = Response()
    response.status_code = status
    response._content = b"" if body is None else json.dumps(body).encode()
    response.headers.update(headers)
    return response


@pytest.mark.parametrize("status", [302, 500, 502, 503, 504])
def test_faults_are_named_by_what_a_repeat_could_do(status: int) -> None:
    assert isinstance(client._refusal("GET", answer(status)), Temporary)
    assert isinstance(client._refusal("POST", answer(status)), OutcomeUnknown)


def test_a_day_refusal_names_the_end_of_the_day() -> None:
    refusal = client._refusal("POST", answer(429, **{"X-RateLimit-Reset": "1795910400000"}))
    assert isinstance(refusal, Temporary)
    assert refusal.retry_at_ms == 1795910400000


def test_a_blocked_endpoint_is_temporary_without_a_moment() -> None:
    refusal = client._refusal(
        "GET", answer(429, {"error": {"message": {"value": "API rate limit exceeded"}}})
    )
    assert isinstance(refusal, Temporary)
    assert refusal.retry_at_ms is None


def test_fields_of_an_entity_are_changed_and_nothing_comes_back(exact: Exact) -> None:
    key = UUID(exact.post("crm/Accounts", {"Name": "Card", "City": "Hoorn"})["ID"])
    exact.put("crm/Accounts", key, {"Email": "post@card.example.nl"})
    fields = ("City", "Email")
    (row,) = exact.find("crm/Accounts", f"ID eq {filter_guid(key)}", fields)
    assert row == {"City": "Hoorn", "Email": "post@card.example.nl"}


@pytest.mark.parametrize("kind", ["dropped_answer", "error_after_commit", "gateway"])
def test_a_change_without_an_answer_has_an_unknown_outcome(exact: Exact, kind: str) -> None:
    key = UUID(exact.post("crm/Accounts", {"Name": "Card"})["ID"])
    faults.arm(kind, method="PUT")
    with pytest.raises(OutcomeUnknown):
        exact.put("crm/Accounts", key, {"Email": "post@card.example.nl"})


def test_a_change_of_what_is_gone_or_wrong_is_rejected(exact: Exact) -> None:
    with pytest.raises(Rejected) as gone:
        exact.put("crm/Accounts", UUID(int=7), {"Email": "post@card.example.nl"})
    assert gone.value.status == 404
    key = UUID(exact.post("crm/Accounts", {"Name": "Card"})["ID"])
    with pytest.raises(Rejected, match="E-mail"):
        exact.put("crm/Accounts", key, {"Email": "nobody"})
