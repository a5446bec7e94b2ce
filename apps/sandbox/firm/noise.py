"""A history that is not as tidy as the firm's own: made on demand, so that figures about coding mean something.

Everything is drawn from the seed, so the same settings give the same rows. What is drawn is said by `Noise`; whoever
quotes a figure that was measured on such a history quotes these settings with it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from apps.core.money import cents
from apps.sandbox.firm import relations
from apps.sandbox.firm.cards import Card
from apps.sandbox.firm.divisions import Division
from apps.sandbox.firm.draw import Draw
from apps.sandbox.firm.history import MONTHS, RESOURCE, entry_line, first_of, status_in
from apps.sandbox.firm.ledger import CREDITORS, chart, purchase_journal
from apps.sandbox.firm.source import Entry, Row, guid, load
from apps.sandbox.firm.vat import table

_FIRST_CODE, _FIRST_NUMBER = 900_000, 650_000  # apart from the firm's own cards and entries
_ENTRY, _DAYS = 30, 28  # Type of a purchase entry; days that every month has
_VAGUE = ("Factuur", "Conform opdracht", "Diversen", "")
_MONTH_NAMES = (
    "januari februari maart april mei juni juli augustus september oktober november december".split()
)
# What lines say, and what a bookkeeper books them on: ledger account, VAT, cost centre or not. Some texts begin alike
# and go elsewhere, as in real books.
_COSTS: tuple[tuple[str, str, str, bool], ...] = (
    ("Onderhoud dak", "4110", "high", True),
    ("Schilderwerk gevel", "4110", "low", True),
    ("Levering elektriciteit", "4120", "high", True),
    ("Levering aardgas", "4120", "high", True),
    ("Schoonmaak kantoor", "4130", "high", True),
    ("Glasbewassing", "4130", "high", True),
    ("Afvalstoffenheffing", "4140", "none", False),
    ("Onderhoud machines", "4200", "high", True),
    ("Onderhoud koffieapparaat", "4500", "high", False),
    ("Advertentie weekblad", "4400", "high", False),
    ("Drukwerk folders", "4400", "high", False),
    ("Lunch relaties", "4410", "low", False),
    ("Boeket en attenties", "4410", "low", False),
    ("Treinreizen", "4420", "low", False),
    ("Hotelovernachting", "4420", "low", False),
    ("Kantoorartikelen", "4500", "high", False),
    ("Toner en papier", "4500", "high", False),
    ("Abonnement mobiele telefonie", "4510", "high", False),
    ("Abonnement internet", "4510", "high", False),
    ("Abonnement software", "4520", "high", False),
    ("Abonnement vakblad", "4540", "low", False),
    ("Licentie tekstverwerking", "4520", "high", False),
    ("Verzendkosten", "4530", "high", False),
    ("Frankering", "4530", "exempt", False),
    ("Contributie branchevereniging", "4540", "exempt", False),
    ("Samenstellen jaarrekening", "4550", "high", False),
    ("Juridisch advies", "4560", "high", False),
    ("Advies automatisering", "4560", "high", False),
    ("Cursus veiligheid", "4600", "exempt", False),
    ("Premie aansprakelijkheid", "4700", "exempt", False),
    ("Premie inventaris", "4700", "exempt", False),
    ("Diverse kleine aankopen", "4900", "high", False),
    ("Werkkleding", "4090", "high", True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """How untidy the history is. Shares are from 0 to 1.

    `suppliers`: how many, with 1 to `most_entries` entries of 1 to 3 lines each over 20 months, most of them with few.
    `several`: of the suppliers, those that send 2 to 5 kinds of costs, each with its own text and account; the others
    send one kind. `changes`: of the kinds of costs, those that are booked on another account from some day between the
    8th and the 18th month on. `errors` and `wrong_vat`: of the lines, those that were booked on any other account, or
    with another VAT code, once. `vague`: of the lines, those whose text says nothing. `worded`: of the lines, those
    whose text carries a month, a year or a number besides.
    """

    seed: int = 1
    suppliers: int = 150
    most_entries: int = 60
    several: float = 0.5
    changes: float = 0.1
    errors: float = 0.03
    wrong_vat: float = 0.01
    vague: float = 0.08
    worded: float = 0.5


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of costs of a supplier: its text, its net amount, and its account before and from `since` on."""

    text: str
    account: str
    vat: str
    has_cost_centre: bool
    net: int
    later: str
    since: date


def entries(division: Division, noise: Noise) -> Iterator[Entry]:
    """Yield cards and ledger lines of the suppliers that `noise` describes; two calls give equal rows."""
    number = 0
    for place in range(noise.suppliers):
        draw = Draw("noise", noise.seed, division.code, place)
        card = _card(place, draw)
        yield from relations.entries(division, [card])
        kinds = _kinds(noise, draw)
        count = 1 + int((noise.most_entries - 1) * (draw.below(1000) / 1000) ** 3)
        for day in sorted(_day(draw) for _ in range(count)):
            number += 1
            lines = [_line(division, draw.pick(kinds), day, noise, draw) for _ in range(1 + draw.below(3))]
            for row in _entry(division, card, day, number, lines):
                yield RESOURCE, division.code, row


def _card(place: int, draw: Draw) -> Card:
    crowd = load("crowd")
    name = f"{draw.pick(crowd['surnames'])} {1 + place} B.V."
    return Card(exact={"Code": str(_FIRST_CODE + place), "Name": name, "Country": "NL", "City": "Utrecht"})


def _kinds(noise: Noise, draw: Draw) -> list[_Kind]:
    wanted = 2 + draw.below(4) if draw.chance(noise.several) else 1
    chosen: dict[str, tuple[str, str, str, bool]] = {}
    while len(chosen) < wanted:
        one = draw.pick(_COSTS)
        chosen[one[0]] = one
    return [_kind(*one, noise, draw) for one in chosen.values()]


def _kind(text: str, account: str, vat: str, has_cost_centre: bool, noise: Noise, draw: Draw) -> _Kind:
    later = _other_account(account, draw) if draw.chance(noise.changes) else account
    since = first_of(8 + draw.below(10))
    return _Kind(text, account, vat, has_cost_centre, 20 + draw.below(900), later, since)


def _other_account(account: str, draw: Draw) -> str:
    return draw.pick([one for _text, one, _vat, _centre in _COSTS if one != account])


def _day(draw: Draw) -> date:
    return first_of(draw.below(MONTHS)) + timedelta(days=draw.below(_DAYS))


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    account: Row
    code: Row
    net: Decimal
    cost_centre: str


def _line(division: Division, kind: _Kind, day: date, noise: Noise, draw: Draw) -> _Line:
    account = kind.later if day >= kind.since else kind.account
    if draw.chance(noise.errors):
        account = _other_account(account, draw)
    codes = table(division.code)
    vat = draw.pick(("high", "low", "none")) if draw.chance(noise.wrong_vat) else kind.vat
    net = cents(kind.net * (Decimal(75 + draw.below(50)) / 100))
    centres = [code for code, *_rest in load("masters")["costcenters"][str(division.code)]]
    centre = centres[len(kind.text) % 3] if kind.has_cost_centre else ""
    return _Line(_text(kind, day, noise, draw), chart(division.code)[account], codes[vat], net, centre)


def _text(kind: _Kind, day: date, noise: Noise, draw: Draw) -> str:
    if draw.chance(noise.vague):
        return draw.pick(_VAGUE)
    if not draw.chance(noise.worded):
        return kind.text
    more = (_MONTH_NAMES[day.month - 1], f"{day.month:02}-{day.year}", f"nr. {draw.digits(5)}", f"{day.year}")
    return f"{kind.text} {draw.pick(more)}"


def _entry(division: Division, card: Card, day: date, number: int, lines: Sequence[_Line]) -> Iterator[Row]:
    """Yield the creditor's line (0), the cost lines, and what VAT adds for each; together they make zero."""
    entry_number = (day.year % 100) * 1_000_000 + _FIRST_NUMBER + number
    head = _head(division, card, day, entry_number)
    taxes = [cents(line.net * Decimal(str(line.code["Percentage"]))) for line in lines]
    owed = sum((line.net for line in lines), Decimal()) + sum(taxes, Decimal())
    yield head | entry_line(head, 0, chart(division.code)[CREDITORS], -owed)
    for place, line in enumerate(lines, start=1):
        own = {"Description": line.text, "CostCenter": line.cost_centre or None}
        yield head | entry_line(head, place, line.account, line.net) | own | _vat(line.code)
    for place, (line, tax) in enumerate(zip(lines, taxes, strict=True), start=len(lines) + 1):
        if tax:
            yield head | entry_line(head, place, _claim(line.code), tax) | _vat(line.code)


def _head(division: Division, card: Card, day: date, number: int) -> Row:
    journal = purchase_journal(division)
    return {
        "EntryID": guid(division.code, "purchaseentry/PurchaseEntries", f"noise/{number}"),
        "EntryNumber": number,
        "JournalCode": journal["Code"],
        "JournalDescription": journal["Description"],
        "Account": relations.key(division.code, card),
        "AccountCode": card.code,
        "AccountName": card.exact["Name"],
        "YourRef": f"R{number}",
        "Description": card.exact["Name"],
        "Date": day.isoformat(),
        "DueDate": (day + timedelta(days=30)).isoformat(),
        "FinancialYear": day.year,
        "FinancialPeriod": day.month,
        "Currency": "EUR",
        "ExchangeRate": 1.0,
        "Type": _ENTRY,
        "Status": status_in(day.year),
    }


def _vat(code: Row) -> Row:
    names = {"VATCode": "Code", "VATCodeDescription": "Description", "VATPercentage": "Percentage"}
    return {name: code[source] for name, source in names.items()} | {"VATType": code["Type"]}


def _claim(code: Row) -> Row:
    return {
        "ID": code["GLToClaim"],
        "Code": code["GLToClaimCode"],
        "Description": code["GLToClaimDescription"],
    }
