"""Purchase entries: what Exact fills in, what it books, what it refuses."""

from typing import Any

import pytest

from apps.sandbox import switches
from apps.sandbox.exact import store
from apps.sandbox.models import Row
from tests.sandbox.driver import Exact, message
from tests.sandbox.small_firm import HERE, THERE, key

LINES = "financialtransaction/TransactionLines"


def line(**changes: Any) -> dict[str, Any]:
    return {"GLAccount": key("4000"), "AmountFC": 100.0, "VATCode": "2", **changes}


def ledger(exact: Exact, entry: dict[str, Any]) -> list[dict[str, Any]]:
    rows = exact.rows(LINES, filter=f"EntryID eq guid'{entry['EntryID']}'")
    return sorted(rows, key=lambda row: int(row["LineNumber"]))


def refusal(exact: Exact, lines: list[dict[str, Any]] | None = None, **changes: Any) -> str:
    response = exact.entry(lines=lines, **changes)
    assert response.status_code == 500, response.text
    return message(response)


def test_the_server_completes_an_entry(exact: Exact) -> None:
    response = exact.entry()
    entry = response.json()["d"]
    assert response.status_code == 201
    assert response.headers["Location"].endswith(f"/purchaseentry/PurchaseEntries(guid'{entry['EntryID']}')")
    assert entry["EntryNumber"] == 26600001
    assert (entry["ReportingYear"], entry["ReportingPeriod"]) == (2026, 10)
    assert (entry["AmountFC"], entry["VATAmountFC"], entry["AmountDC"]) == (121.0, 21.0, 121.0)
    assert (entry["Currency"], entry["Status"], entry["Type"]) == ("EUR", 20, 30)
    assert entry["DueDate"] == "/Date(1792368000000)/", "14 days later, by the supplier's payment condition"
    assert entry["SupplierName"] == "Jansen Techniek"
    assert exact.entry(YourRef="F-2").json()["d"]["EntryNumber"] == 26600002


def test_computed_fields_stay_null_without_prefer(exact: Exact) -> None:
    body = {"Subject": "x", "Type": 55, "Account": key("Jansen Techniek")}
    plain = exact.session.post(exact.url("documents/Documents"), json=body).json()["d"]
    assert (plain["Subject"], plain["AccountName"]) == ("x", None)
    assert plain["ID"]
    assert exact.post("documents/Documents", body).json()["d"]["AccountName"] == "Jansen Techniek"


def test_an_entry_reads_back_with_its_lines(exact: Exact) -> None:
    entry = exact.entry(lines=[line(Description="een"), line(AmountFC=50, Description="twee")]).json()["d"]
    path = f"purchaseentry/PurchaseEntries(guid'{entry['EntryID']}')"
    found = exact.get(path, expand="PurchaseEntryLines").json()["d"]["PurchaseEntryLines"]["results"]
    assert [(row["Description"], row["LineNumber"], row["VATAmountFC"]) for row in found] == [
        ("een", 1, 21.0),
        ("twee", 2, 10.5),
    ]


def test_an_entry_leaves_balanced_ledger_lines(exact: Exact) -> None:
    entry = exact.entry(ExternalLinkReference="ons-1").json()["d"]
    head, cost, vat = ledger(exact, entry)
    assert [row["AmountFC"] for row in (head, cost, vat)] == [-121.0, 100.0, 21.0]
    assert [row["GLAccountCode"] for row in (head, cost, vat)] == ["1600", "4000", "1520"]
    for row in (head, cost, vat):
        assert (row["EntryNumber"], row["JournalCode"], row["YourRef"]) == (26600001, "60", "F-1")
        assert (row["FinancialYear"], row["FinancialPeriod"]) == (2026, 10)
        assert (row["Account"], row["Document"]) == (key("Jansen Techniek"), entry["Document"])
        assert (row["ExternalLinkReference"], row["Date"]) == ("ons-1", entry["EntryDate"])


@pytest.mark.parametrize(
    ("changes", "total", "vat", "booked"),
    [
        ({"VATCode": "2"}, 121.0, 21.0, [-121.0, 100.0, 21.0]),
        ({"VATCode": "3", "AmountFC": 121.0}, 121.0, 21.0, [-121.0, 100.0, 21.0]),
        ({"VATCode": "0"}, 100.0, 0.0, [-100.0, 100.0]),
        ({"VATCode": None}, 100.0, 0.0, [-100.0, 100.0]),
        ({"VATCode": "6"}, 100.0, 0.0, [-100.0, 100.0, 21.0, -21.0]),
        ({"VATCode": "2", "VATAmountFC": 20.99}, 120.99, 20.99, [-120.99, 100.0, 20.99]),
        ({"VATCode": "2", "AmountFC": "100.00"}, 121.0, 21.0, [-121.0, 100.0, 21.0]),
        ({"VATCode": None, "GLAccount": key("4300")}, 121.0, 21.0, [-121.0, 100.0, 21.0]),
    ],
    ids=[
        "exclusive",
        "inclusive",
        "no-vat",
        "no-code",
        "reverse-charge",
        "given-vat",
        "text",
        "ledger-default",
    ],
)
def test_vat_follows_the_kind_of_code(
    exact: Exact, changes: dict[str, Any], total: float, vat: float, booked: list[float]
) -> None:
    entry = exact.entry(lines=[line(**changes)]).json()["d"]
    assert (entry["AmountFC"], entry["VATAmountFC"]) == (total, vat)
    amounts = [row["AmountFC"] for row in ledger(exact, entry)]
    assert amounts == booked
    assert round(sum(amounts), 2) == 0


def test_the_vat_of_the_whole_entry_can_be_given(exact: Exact) -> None:
    entry = exact.entry(VATAmountFC=21.02).json()["d"]
    assert (entry["AmountFC"], entry["VATAmountFC"]) == (121.02, 21.02)


def test_a_dated_percentage_goes_before_the_one_on_the_code(exact: Exact) -> None:
    dated = {"ID": key("pct"), "VATCodeID": key("2"), "Percentage": 0.19, "StartDate": "2026-10-01"}
    store.put("vat/VatPercentages", HERE, dated)
    assert exact.entry().json()["d"]["VATAmountFC"] == 19.0
    assert exact.entry(EntryDate="2026-09-30").json()["d"]["VATAmountFC"] == 21.0


def test_a_negative_entry_is_a_credit_note(exact: Exact) -> None:
    entry = exact.entry(lines=[line(AmountFC=-100.0)]).json()["d"]
    assert (entry["Type"], entry["AmountFC"]) == (31, -121.0)
    assert [row["AmountFC"] for row in ledger(exact, entry)] == [121.0, -100.0, -21.0]


def test_the_part_for_the_blocked_account_has_the_sign_of_the_entry(exact: Exact) -> None:
    assert exact.entry(GAccountAmountFC=40).json()["d"]["GAccountAmountFC"] == 40.0
    note = exact.entry(lines=[line(AmountFC=-100)], GAccountAmountFC=-40)
    assert note.json()["d"]["GAccountAmountFC"] == -40.0
    assert "GAccountAmountFC" in refusal(exact, [line(AmountFC=-50)], GAccountAmountFC=40)


def test_foreign_currency_is_also_told_in_euro(exact: Exact) -> None:
    entry = exact.entry(Currency="USD", Rate=0.9).json()["d"]
    assert (entry["AmountFC"], entry["AmountDC"]) == (121.0, 108.9)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"PurchaseEntryLines": []}, "Verplicht: Boekingsregels"),
        ({"Supplier": key("Jansen Techniek", THERE)}, "Ongeldige referentie: Relatie"),
        ({"Supplier": key("Geblokkeerd B.V.")}, "Ongeldig: Relatie (Geblokkeerd)"),
        ({"Supplier": key("Alleen Klant")}, "Ongeldig: Leverancier (Type)"),
        ({"Journal": "99"}, "Ongeldige referentie: Dagboek"),
        ({"Journal": "70"}, "Ongeldig: Dagboek (Type)"),
        ({"Journal": "61"}, "Ongeldig: Dagboek (Geblokkeerd)"),
        ({"Journal": ""}, "Verplicht: Dagboek"),
        ({"EntryDate": "2031-01-01"}, "Onbekend: Boekjaar (Periode-datum tabel)"),
        ({"PaymentCondition": "99"}, "Ongeldige referentie: Betalingsconditie"),
        ({"Document": key("nothing")}, "Ongeldige referentie: Document"),
    ],
)
def test_headers_that_exact_refuses(exact: Exact, changes: dict[str, Any], words: str) -> None:
    assert refusal(exact, **changes) == words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"GLAccount": key("4000", THERE)}, "Ongeldige referentie: Grootboekrekening"),
        ({"GLAccount": key("1600")}, "Ongeldig: Grootboekrekeningtype"),
        ({"GLAccount": key("1520")}, "Ongeldig: Grootboekrekeningtype"),
        ({"GLAccount": key("4100")}, "Verplicht: Kostenplaats"),
        ({"GLAccount": key("4200"), "CostCenter": "K1"}, "Niet toegestaan: Kostenplaats"),
        ({"CostCenter": "K9"}, "Ongeldige referentie: Kostenplaats"),
        ({"CostUnit": "D9"}, "Ongeldige referentie: Kostendrager"),
        ({"VATCode": "77"}, "Ongeldige referentie: Btw-code"),
        ({"VATCode": "9"}, "Ongeldig: Btw-code"),
        (
            {"VATCode": "0", "VATAmountFC": 21.0},
            'Een btw bedrag is niet toegestaan als u gebruikmaakt van een btw-code van het type "geen btw"',
        ),
        ({"From": "2026-01-01"}, "Verplicht: Tot"),
        ({"AmountFC": None}, "Verplicht: Bedrag"),
    ],
)
def test_lines_that_exact_refuses(exact: Exact, changes: dict[str, Any], words: str) -> None:
    assert refusal(exact, lines=[line(**changes)]) == words


def test_several_objections_come_in_one_message(exact: Exact) -> None:
    words = refusal(exact, lines=[line(GLAccount=key("1600"))], Supplier=key("Geblokkeerd B.V."))
    assert words.split("\r\n") == ["Ongeldig: Relatie (Geblokkeerd)", "Ongeldig: Grootboekrekeningtype"]


def test_words_follow_the_language_of_the_user(exact: Exact) -> None:
    switches.speak("en")
    assert refusal(exact, Journal="99") == "Invalid reference: Journal"


def test_a_refused_entry_leaves_nothing_behind(exact: Exact) -> None:
    before = Row.objects.count()
    refusal(exact, lines=[line(), line(GLAccount=key("1600"))])
    assert Row.objects.count() == before


def test_the_same_four_values_are_refused_and_any_other_is_not(exact: Exact) -> None:
    assert exact.entry().status_code == 201
    assert refusal(exact).startswith("Bestaat reeds: Uw ref.")
    assert exact.entry(YourRef="F-2").status_code == 201
    assert exact.entry(EntryDate="2026-10-06").status_code == 201
    assert exact.entry(Supplier=key("O'Brien & Zn.")).status_code == 201
    assert exact.entry(lines=[line(AmountFC=99.0)]).status_code == 201


def test_the_rule_of_four_values_holds_for_an_empty_reference_too(exact: Exact) -> None:
    assert exact.entry(YourRef=None).status_code == 201
    assert exact.entry(YourRef="").status_code == 500
    assert exact.entry(YourRef="", EntryDate="2026-10-07").status_code == 201


def test_a_booking_number_is_used_once_per_journal_and_year(exact: Exact) -> None:
    assert exact.entry(EntryNumber=26600001).status_code == 201
    assert refusal(exact, YourRef="F-2", EntryNumber=26600001) == "In gebruik: Boekstuknummer."
    assert exact.entry(YourRef="F-2").json()["d"]["EntryNumber"] == 26600002
    assert exact.entry(YourRef="F-3", EntryNumber=26600001, EntryDate="2025-10-05").status_code == 201


def test_numbers_of_bookings_known_from_the_ledger_are_taken(exact: Exact) -> None:
    known = {"ID": key("old"), "EntryID": key("old entry"), "LineNumber": 0, "EntryNumber": 26600001}
    store.put(LINES, HERE, {**known, "JournalCode": "60", "FinancialYear": 2026})
    assert exact.entry().json()["d"]["EntryNumber"] == 26600002


def test_a_closed_period_refuses(exact: Exact) -> None:
    switches.set_period(HERE, "60", 2026, 10, closed=True)
    assert refusal(exact) == "Periode is afgesloten: 2026 - 10"
    assert exact.entry(ReportingYear=2026, ReportingPeriod=11).json()["d"]["ReportingPeriod"] == 11
    switches.set_period(HERE, "60", 2026, 10, closed=False)
    assert exact.entry(YourRef="F-2").status_code == 201


def test_an_entry_gets_a_document_unless_it_brings_one(exact: Exact) -> None:
    own = exact.post("documents/Documents", {"Subject": "Factuur", "Type": 20}).json()["d"]
    assert exact.entry(Document=own["ID"]).json()["d"]["DocumentSubject"] == "Factuur"
    made = exact.entry(YourRef="F-2").json()["d"]
    document = exact.get(f"documents/Documents(guid'{made['Document']}')").json()["d"]
    assert (document["Type"], document["FinancialTransactionEntryID"]) == (20, made["EntryID"])
    switches.change(documents_with_entries=False)
    assert exact.entry(YourRef="F-3").json()["d"]["Document"] is None


def test_a_put_changes_the_header_and_books_anew(exact: Exact) -> None:
    entry = exact.entry().json()["d"]
    path = f"purchaseentry/PurchaseEntries(guid'{entry['EntryID']}')"
    assert exact.put(path, {"EntryDate": "2025-12-31", "YourRef": "F-9"}).status_code == 204
    changed = exact.get(path).json()["d"]
    assert (changed["ReportingYear"], changed["YourRef"], changed["AmountFC"]) == (2025, "F-9", 121.0)
    assert changed["EntryNumber"] == 25600001
    assert {row["FinancialYear"] for row in ledger(exact, entry)} == {2025}
    assert exact.put(path, {"PurchaseEntryLines": []}).status_code == 400
    assert exact.put(path, {"Supplier": None}).status_code == 500


def test_lines_are_added_changed_and_removed_one_by_one(exact: Exact) -> None:
    entry = exact.entry().json()["d"]
    path = f"purchaseentry/PurchaseEntries(guid'{entry['EntryID']}')"
    added = exact.post("purchaseentry/PurchaseEntryLines", {**line(AmountFC=10), "EntryID": entry["EntryID"]})
    assert added.json()["d"]["LineNumber"] == 2
    line_path = f"purchaseentry/PurchaseEntryLines(guid'{added.json()['d']['ID']}')"
    assert exact.put(line_path, {"AmountFC": 20}).status_code == 204
    assert exact.get(path).json()["d"]["AmountFC"] == 145.2
    assert exact.delete(line_path).status_code == 204
    assert exact.get(path).json()["d"]["AmountFC"] == 121.0
    last = exact.rows("purchaseentry/PurchaseEntryLines", filter=f"EntryID eq guid'{entry['EntryID']}'")[0]
    assert exact.delete(f"purchaseentry/PurchaseEntryLines(guid'{last['ID']}')").status_code == 204
    assert exact.get(path).status_code == 404


def test_deleting_an_entry_leaves_its_document(exact: Exact) -> None:
    entry = exact.entry().json()["d"]
    assert exact.delete(f"purchaseentry/PurchaseEntries(guid'{entry['EntryID']}')").status_code == 204
    assert ledger(exact, entry) == []
    assert exact.get(f"documents/Documents(guid'{entry['Document']}')").status_code == 200
    assert exact.entry().status_code == 201


def test_a_processed_entry_stays_as_it_is(exact: Exact) -> None:
    entry = exact.entry().json()["d"]
    row = Row.objects.get(resource="purchaseentry/PurchaseEntries", key=entry["EntryID"])
    store.put(row.resource, HERE, {**row.data, "Status": 50})
    path = f"purchaseentry/PurchaseEntries(guid'{entry['EntryID']}')"
    assert message(exact.put(path, {"YourRef": "F-9"})) == "Reeds verwerkt"
    assert exact.delete(path).status_code == 500
