"""The routing test table: what comes in by which door, where it must end, and with which reason.

Twelve administrations of six clients. De Molen is a fiscal unity: bakery and holding have one VAT number. Werf and its
holding have one mail domain and one bank account. Jansen is a B.V. and a V.O.F. of one name.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from apps.clients.models import Administration
from apps.core.causes import Cause
from apps.intake.keeping import keep
from apps.intake.models import Channel, Comparison, Evidence, Part, PartKind, PartOutcome
from apps.invoices.models import Invoice, State
from apps.invoices.receiving import receive
from tests.clients.factories import AdministrationFactory, AdministrationIdentifierFactory, ClientFactory
from tests.intake.factories import RoutingRuleFactory
from tests.intake.parties import invoice, letter, party
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db

UNITY, WERF_VAT, ZON_VAT = "NL809561074B01", "NL001234567B01", "NL004495445B01"
WERF_IBAN, JANSEN_IBAN, STRANGE_KVK = "NL47BUNQ0649621411", "NL91ABNA0417164300", "34567893"
OIN, GLN = "00000001823288444000", "8712345678906"
OURS: dict[str, tuple[str, list[tuple[str, str]]]] = {
    # short name: client, its numbers
    "bakkerij": ("De Molen", [("kvk", "17131139"), ("vat", UNITY), ("peppol", "0106:17131139")]),
    "molen-holding": ("De Molen", [("kvk", "17131140"), ("vat", UNITY)]),
    "werf": (
        "Werf",
        [("kvk", "27131139"), ("vat", WERF_VAT), ("iban", WERF_IBAN), ("domain", "werf.example")],
    ),
    "werf-holding": ("Werf", [("kvk", "27131140"), ("iban", WERF_IBAN), ("domain", "werf.example")]),
    "jansen-bv": ("Jansen", [("kvk", "37131139"), ("iban", JANSEN_IBAN)]),
    "jansen-vof": ("Jansen", [("kvk", "37131140")]),
    "zon-delft": ("Zon", [("kvk", "47131139"), ("vat", ZON_VAT)]),
    "zon-gouda": ("Zon", [("kvk", "47131139"), ("vat", ZON_VAT)]),  # two sets of books of one company
    "gemeente": ("Gemeente", [("oin", OIN)]),
    "winkel": ("Winkel", [("gln", GLN)]),
    "bvba": ("Winkel", [("be_enterprise", "0428759497")]),
    "nieuw": ("Winkel", []),  # nobody filled in its numbers yet
}
BAKKERIJ = {"name": "Bakkerij De Molen B.V.", "kvk": "17131139", "vat": UNITY}
HOLDING = {"name": "De Molen Holding B.V.", "kvk": "17131140", "vat": UNITY}
STRANGER = {"name": "Iemand Anders B.V.", "kvk": STRANGE_KVK}
VENDOR = party("Anker en Touw B.V.", kvk="34567892")


@dataclass
class Row:
    """One thing that comes in.

    `to`: the receiver on it, `by` the way, `at` the administration that the way in names. It must end in `ends` (one
    name, several that are possible, or none), for a reason that holds `why`; `kind` where it is no purchase invoice.
    """

    what: str
    to: dict[str, str]
    ends: str = ""
    why: str = ""
    by: str = Channel.MAIL
    at: str = ""
    kind: str = PartKind.INVOICE
    says: dict[str, str] = field(default_factory=dict)
    arrival: dict[str, str] = field(default_factory=dict)
    content: Callable[[], bytes] | None = None
    finding: str = ""


S = PartKind.SALES_INVOICE
ROWS = [
    # The receiver's numbers
    Row("Peppol id", {"name": "x", "peppol": "0106:17131139"}, "bakkerij", "Peppol 0106:17131139"),
    Row("KvK number", {"name": "x", "kvk": "27131139"}, "werf", "KvK 27131139"),
    Row("VAT number that one has", {"name": "x", "vat": WERF_VAT}, "werf", WERF_VAT),
    Row("OIN", {"name": "x", "peppol": f"0190:{OIN}"}, "gemeente", OIN),
    Row("GLN", {"name": "x", "peppol": f"0088:{GLN}"}, "winkel", GLN),
    Row("Belgian enterprise number", {"name": "x", "peppol": "0208:0428759497"}, "bvba", "0428759497"),
    Row("Belgian VAT number", {"name": "x", "vat": "BE0428759497"}, "bvba", "0428759497"),
    Row("KvK number decides within a fiscal unity", BAKKERIJ, "bakkerij", "points to bakkerij"),
    Row("and so for its holding", HOLDING, "molen-holding", "is shared by bakkerij and molen-holding"),
    Row("VAT number of the unity alone", {"name": "De Molen", "vat": UNITY}, "bakkerij, molen-holding", "is shared by"),
    Row("one company with two sets of books", {"name": "Zon", "kvk": "47131139"}, "zon-delft, zon-gouda", "shared"),
    Row("numbers of two of ours", {"name": "x", "kvk": "27131139", "vat": UNITY}, "bakkerij, molen-holding, werf"),
    Row("a KvK that nobody knows beside our VAT number", {**BAKKERIJ, "kvk": STRANGE_KVK, "vat": WERF_VAT}, "werf",
        finding="receiver_unknown"),
    # Wrong receivers
    Row("nobody of ours", STRANGER),
    Row("a placeholder for a number", {"name": "Prive", "kvk": "99999998"}),
    Row("no receiver at all", {"name": ""}),
    Row("a name alone is no evidence", {"name": "Bakkerij De Molen B.V."}),
    # The way in
    Row("Peppol party", {"name": "Nieuw"}, "nieuw", "party it was delivered to", Channel.PEPPOL, "nieuw"),
    Row("Peppol party within a fiscal unity", {"name": "x", "vat": UNITY}, "molen-holding", "party", Channel.PEPPOL,
        "molen-holding"),
    Row("Peppol party, and the number of another of ours", BAKKERIJ, "bakkerij, molen-holding", "party",
        Channel.PEPPOL, "molen-holding"),
    Row("Peppol party, and a stranger's number", STRANGER, "werf", "party", Channel.PEPPOL, "werf",
        finding="receiver_unknown"),
    Row("chosen at upload against the number", BAKKERIJ, "werf", "chosen", Channel.UPLOAD, "werf",
        finding="receiver_differs"),
    Row("upload without a choice", BAKKERIJ, "bakkerij", "KvK", Channel.UPLOAD),
    Row("command", {"name": "Nieuw"}, "nieuw", "chosen", Channel.COMMAND, "nieuw"),
    Row("folder of the right one", HOLDING, "molen-holding", "folder", Channel.FOLDER, "molen-holding"),
    Row("folder of another one", HOLDING, "molen-holding, werf", "folder", Channel.FOLDER, "werf"),
    Row("mail address alone", {"name": "Nieuw"}, "nieuw", "address it was sent to", Channel.MAIL, "nieuw"),
    Row("mail address tells sisters apart", {"name": "De Molen", "vat": UNITY}, "bakkerij", "address", Channel.MAIL,
        "bakkerij"),
    Row("mail to another of ours than the number", HOLDING, "molen-holding, werf", "KvK 17131140", Channel.MAIL,
        "werf"),
    # Rules
    Row("rule on the receiver as named", {"name": "Jansen V.O.F."}, "jansen-vof", "jansen vof"),
    Row("and not for its sister of that name", {"name": "Jansen B.V."}),
    Row("rule on the address", {"name": ""}, "winkel", "winkel@", arrival={"recipient": "winkel@kantoor.example"}),
    Row("rule on the domain of the sender", {"name": ""}, "gemeente", "@gemeente.example",
        arrival={"sender": "Inkoop <inkoop@gemeente.example>"}),
    Row("rule on an order number", {"name": ""}, "zon-delft", "D-", says={"order": "d-4711"}),
    Row("rule on a text tells two sets of books apart", {"name": "Zon", "kvk": "47131139"}, "zon-gouda", "gouda",
        says={"line": "Onderhoud vestiging Gouda"}),
    Row("two rules that differ", {"name": ""}, "gemeente, winkel", "winkel@",
        arrival={"recipient": "winkel@kantoor.example", "sender": "a@gemeente.example"}),
    Row("rule on a reference against the number", BAKKERIJ, "bakkerij", "KvK", says={"buyer_reference": "Magazijn"},
        finding="receiver_differs"),
    Row("a rule that is switched off", {"name": ""}, says={"buyer_reference": "oud"}),
    # Shared numbers
    Row("bank account that one has", {"name": "x", "iban": JANSEN_IBAN}, "jansen-bv", JANSEN_IBAN),
    Row("domain and account that sisters share", {"name": "x", "iban": WERF_IBAN, "email": "a@werf.example"},
        "werf, werf-holding", "shared"),
    # Not everything is a purchase invoice
    Row("sales invoice of a client to a stranger", STRANGER, "werf", "sales invoice", kind=S, content=lambda: invoice(
        party(**STRANGER), sender=party("Werf", kvk="27131139"))),
    Row("a client invoices another client", BAKKERIJ, "bakkerij", "KvK", content=lambda: invoice(
        party(**BAKKERIJ), sender=party("Werf", kvk="27131139"))),
    Row("within a fiscal unity", HOLDING, "molen-holding", "KvK", content=lambda: invoice(
        party(**HOLDING), sender=party(**BAKKERIJ))),
    Row("own invoice to itself", BAKKERIJ, "bakkerij", "sales invoice", kind=S, content=lambda: invoice(
        party(**BAKKERIJ), sender=party(**BAKKERIJ))),
    Row("reminder", {}, "bakkerij", "reminder", kind=PartKind.REMINDER, content=lambda: letter(
        "Reminder", party(**BAKKERIJ), VENDOR)),
    Row("statement by mail, without numbers", {}, "nieuw", "statement", Channel.MAIL, "nieuw", PartKind.STATEMENT,
        content=lambda: letter("Statement", party("x"), VENDOR)),
    Row("answer to an invoice of a client", {}, "bakkerij", "answer", kind=PartKind.ANSWER, content=lambda: letter(
        "ApplicationResponse", party(**BAKKERIJ), VENDOR)),
    Row("scan of a dunning letter", {}, "nieuw", "reminder", Channel.MAIL, "nieuw", PartKind.REMINDER,
        arrival={"name": "aanmaning 3.pdf"}, content=lambda: b"%PDF-1.7 nothing"),
]  # fmt: skip


@pytest.fixture
def firm(english: None) -> dict[str, Administration]:
    """Our administrations by short name, and the rules of the firm."""
    found: dict[str, Administration] = {}
    clients = {name: ClientFactory(name=name) for name in {client for client, _numbers in OURS.values()}}
    for slug, (client, numbers) in OURS.items():
        found[slug] = AdministrationFactory(client=clients[client], name=slug, slug=slug)
        for kind, value in numbers:
            AdministrationIdentifierFactory(administration=found[slug], kind=kind, value=value)
    for slug, evidence, comparison, text, active in (
        ("jansen-vof", Evidence.RECEIVER, Comparison.EQUALS, "Jansen V.O.F.", True),
        ("winkel", Evidence.RECIPIENT, Comparison.EQUALS, "winkel@kantoor.example", True),
        ("gemeente", Evidence.SENDER, Comparison.EQUALS, "@gemeente.example", True),
        ("zon-delft", Evidence.ORDER_NUMBER, Comparison.STARTS, "D-", True),
        ("zon-gouda", Evidence.TEXT, Comparison.WORD, "gouda", True),
        ("werf", Evidence.BUYER_REFERENCE, Comparison.EQUALS, "magazijn", True),
        ("nieuw", Evidence.BUYER_REFERENCE, Comparison.EQUALS, "oud", False),
    ):
        RoutingRuleFactory(
            administration=found[slug], evidence=evidence, comparison=comparison, text=text, is_active=active
        )
    return found


def came_in(row: Row, firm: dict[str, Administration]) -> Part:
    """Let it come in by its door, and read it."""
    content = row.content() if row.content else invoice(party(**row.to), **row.says)
    arrival: dict[str, Any] = {"recipient": "post@kantoor.example", **row.arrival}
    name = arrival.pop("name", "factuur.xml")
    if row.by == Channel.UPLOAD:
        arrival["user"] = UserFactory()
    receipt = keep([(name, content)], channel=row.by, administration=firm.get(row.at), **arrival)
    receive(receipt.parts.select_related("receipt", "original").get())
    return receipt.parts.get()


def test_the_table_is_as_large_as_promised() -> None:
    assert len(OURS) == 12
    assert len(ROWS) >= 40
    assert {row.by for row in ROWS} == set(Channel)


@pytest.mark.parametrize("row", ROWS, ids=[row.what for row in ROWS])
def test_each_ends_where_it_must_with_its_reason(row: Row, firm: dict[str, Administration]) -> None:
    part = came_in(row, firm)
    assert part.kind == row.kind
    if row.kind != PartKind.INVOICE:
        assert (part.outcome, str(part.administration)) == (PartOutcome.IGNORED, row.ends)
        assert row.why in part.reason
        assert (part.settled_by, f"Other post of {row.ends}" in part.reason) == ("Postkamer", True)
        return
    found = Invoice.objects.get(part=part)
    names = row.ends.split(", ") if row.ends else []
    if len(names) == 1:
        assert (found.state, str(found.administration)) == (State.RECEIVED, row.ends)
    else:
        assert (found.state, found.administration) == (State.ATTENTION, None)
        assert found.cause == (Cause.SEVERAL_ADMINISTRATIONS if names else Cause.NOT_OURS)
        assert found.detail.split("\n")[0] == row.ends
    assert row.why in found.routing_why
    codes = {one["code"] for one in found.findings} & {"receiver_differs", "receiver_unknown"}
    assert codes == ({row.finding} if row.finding else set())
