"""A division that is in order in every point of a preflight, and the same one broken in fifteen ways."""

from typing import Any

from apps.clients.models import Administration, Package
from apps.core import clock
from apps.exact import mirror
from apps.exact.models import Division, GLAccount, Relation
from apps.invoices.models import ActiveMethod, Kind
from apps.people.models import User
from apps.posting.models import Method
from apps.preflight import others
from apps.preflight.gathering import gather
from apps.preflight.models import Preflight
from apps.rules.models import VATTable
from apps.rules.scenario import Scenario
from apps.sandbox import switches
from apps.sandbox.exact import store
from apps.sandbox.firm import users
from apps.sandbox.models import ExactUser

CARDS, BANKS, JOURNALS, ACCOUNTS = (
    "crm/Accounts",
    "crm/BankAccounts",
    "financial/Journals",
    "financial/GLAccounts",
)
KVK, VAT, IBAN = "34567892", "NL004495445B01", "NL41RABO0301122334"
DEFECTS = {
    "user_kind": "portal",
    "scopes": "",
    "right_bank_accounts": "",
    "mailbox": "",
    "trial": "",
    "methods": "accept",
    "journal": "no_vat",
    "periods": "closed",
    "vat": "lacking",
    "accounts": "",
    "bare": "",
    "same_kvk": "",
    "same_vat": "",
    "same_iban": "",
    "others": "",
}


def said_to_be_alone(administration: Administration, by: User) -> None:
    """Say that no other integration books there: the one point that a person must see."""
    kept, _made = Preflight.objects.get_or_create(administration=administration)
    others.say(kept, active=False, by=by)


def mend_cards(division: Division) -> None:
    """Leave each number on one card: the firm of the sandbox has the doubles that real books have."""
    assert division.administration
    for kind, found in gather(division.administration).cards.same.items():
        for _number, names in found:
            for name in names[1:]:
                _strip(division, kind, name.split(" ")[0])
    mirror.sync(division, ["relations", "bank_accounts", "deleted"])


def _strip(division: Division, kind: str, code: str) -> None:
    card = store.by_mark(CARDS, division.code, code)
    assert card
    if kind == "iban":
        for row in store.rows(BANKS, division.code).filter(data__Account=card.key):
            store.put(BANKS, division.code, {**row.data, "Blocked": True})
    else:
        field = {"kvk": "ChamberOfCommerce", "vat": "VATNumber"}[kind]
        store.put(CARDS, division.code, {**card.data, field: None})


def break_in_fifteen_ways(division: Division, by: User) -> None:
    """Break everything that a preflight looks at, in Exact, in the app and here; each thing once."""
    administration = division.administration
    assert administration and division.connection
    kept, _made = Preflight.objects.get_or_create(administration=administration)
    others.say(kept, active=True, by=by)
    switches.set_package(division.code, features=[(1, "Accounting")], is_trial=True)
    _break_books(division, administration)
    _break_cards(division)
    mirror.sync(division)
    mine = ExactUser.objects.get(user_id=str(division.connection.exact_user))
    mine.data = {**mine.data, "IsMyFirmPortalUser": users.PORTAL["IsMyFirmPortalUser"]}
    mine.missing_scopes = ["crm/BankAccounts"]
    mine.save(update_fields=["data", "missing_scopes"])
    switches.lack_scopes("Communication mailboxes")


def _break_books(division: Division, administration: Administration) -> None:
    ActiveMethod.objects.create(administration=administration, kind=Kind.CREDIT_NOTE, method=Method.MAILBOX)
    administration.package = Package.ACCEPT
    account = GLAccount.objects.filter(division=division, blocked=False, type=121).order_by("code")[0]
    administration.suspense_account = account.code
    administration.save(update_fields=["package", "suspense_account"])
    today = clock.today()
    switches.set_period(division.code, administration.purchase_journal, today.year, today.month, closed=True)
    journal = store.by_mark(JOURNALS, division.code, administration.purchase_journal)
    chart = store.find(ACCOUNTS, division.code, str(account.exact_id))
    assert journal and chart
    store.put(JOURNALS, division.code, {**journal.data, "AllowVAT": False})
    store.put(ACCOUNTS, division.code, {**chart.data, "IsBlocked": True})
    VATTable.objects.filter(administration=administration, scenario=Scenario.NL_HIGH).delete()


def _break_cards(division: Division) -> None:
    """Two cards for each number, and as many without any as there are cards."""
    for number, (name, value) in enumerate([("ChamberOfCommerce", KVK), ("VATNumber", VAT), ("", "")]):
        for copy in range(2):
            key = _card(division, 800 + number * 10 + copy, {name: value} if name else {})
            if not name:
                bank = {"ID": _guid(division, 900 + copy), "Account": key, "BankAccount": IBAN}
                store.put(BANKS, division.code, {**bank, "Blocked": False, "Main": True})
    for copy in range(Relation.objects.filter(division=division).count()):
        _card(division, 2_000 + copy, {})


def _card(division: Division, number: int, fields: dict[str, Any]) -> str:
    key = _guid(division, number)
    card = {"ID": key, "Code": str(70_000 + number), "Name": f"Kaart {number}", "Country": "NL"}
    store.put(CARDS, division.code, {**card, "IsSupplier": True, "Blocked": False, "Status": "A", **fields})
    return key


def _guid(division: Division, number: int) -> str:
    return f"{division.code:08d}-0000-4000-8000-{number:012d}"
