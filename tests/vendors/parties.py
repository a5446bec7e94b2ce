"""A generator of cards and of parties whose true card is known, as noisy as the real thing.

Cards lack numbers, are stale, double, or belong to sister companies that share a VAT number, a domain, an account;
some carry a factoring company's account. Parties are their owners with numbers left out or mistyped and names written
otherwise, and strangers: sisters without a card, clients of the same factoring company, near namesakes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

SURNAMES = (
    (
        "Jansen De Vries Van den Berg Bakker Visser Smit Meijer De Boer Mulder De Groot Bos Vos Peters Hendriks Dekker "
        "Brouwer De Wit Dijkstra Smits De Graaf Van der Meer Kok Jacobs Vermeulen Schouten Willems Hoekstra Prins"
    )
    .replace("De ", "De_")
    .replace("Van den ", "Van_den_")
    .replace("Van der ", "Van_der_")
)
TRADES = (
    "Bouw Installatie Transport Schilders Bakkerij Advies Techniek Groothandel Verhuur Schoonmaak Drukkerij Metaal "
    "Automatisering Tuinen Dakwerken Logistiek Catering Keukens Beveiliging Interieur Elektra Vastgoed Media Zorg"
)
TOWNS = "Amersfoort Zwolle Breda Tilburg Leiden Emmen Venlo Hoorn Gouda Zeist Almelo Assen Deventer Roosendaal Meppel"
FORMS = ("B.V.", "BV", "b.v.", "V.O.F.", "N.V.", "", "Holding B.V.", "Beheer B.V.")
FREEMAIL = ("gmail.com", "hotmail.com", "ziggo.nl", "outlook.com")
COLUMNS = ("vat", "kvk", "iban", "email", "endpoint")


@dataclass(frozen=True, slots=True)
class Noise:
    """Chances, each a fraction. `card_*`: of a number that the card has; `said_*`: that the document has."""

    card_vat: float = 0.75
    card_kvk: float = 0.6
    card_iban: float = 0.8
    card_email: float = 0.65
    card_endpoint: float = 0.3
    stale: float = 0.03
    doubled: float = 0.01
    sisters: float = 0.05
    shared_iban_of_sisters: float = 0.3
    factoring: float = 0.04
    said_vat: float = 0.85
    said_kvk: float = 0.7
    said_iban: float = 0.9
    said_email: float = 0.6
    said_endpoint: float = 0.35
    mistyped: float = 0.02
    freemail: float = 0.05
    strangers: float = 0.2
    noisy_name: float = 0.5


@dataclass(slots=True)
class Company:
    name: str
    vat: str
    kvk: str
    iban: str
    email: str

    @property
    def endpoint(self) -> str:
        return f"0106:{self.kvk}"


class Generator:
    """Makes `cards` and `queries` as rows of texts; the same seed gives the same."""

    def __init__(self, seed: int, noise: Noise | None = None) -> None:
        self.noise = noise or Noise()
        self._random = Random(seed)  # noqa: S311 - the same seed gives the same
        self._factors = [self._iban() for _ in range(5)]
        self._kvk = 10_000_000

    def generate(self, cards: int, parties: int) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
        """Return (cards, queries) with the columns that `manage.py evaluate_matching` reads."""
        companies = self._companies(cards)
        rows: list[dict[str, str]] = []
        for at, company in enumerate(companies):
            rows.append(self._card(f"C{at}", company))
            if self._random.random() < self.noise.doubled:
                rows.append(self._card(f"C{at}D", company))
        queries = []
        for _ in range(parties):
            at = self._random.randrange(len(companies))
            if self._random.random() < self.noise.strangers:
                queries.append({**self._said(self._stranger(companies[at])), "expected": ""})
            else:
                queries.append({**self._said(companies[at]), "expected": f"C{at}"})
        return rows, queries

    def _companies(self, many: int) -> list[Company]:
        companies: list[Company] = []
        while len(companies) < many:
            company = self._company()
            companies.append(company)
            if self._random.random() < self.noise.sisters:
                companies.append(self._sister(company))
        return companies[:many]

    def _company(self) -> Company:
        pick = self._random.choice
        surname, trade, town = (
            pick(SURNAMES.split()).replace("_", " "),
            pick(TRADES.split()),
            pick(TOWNS.split()),
        )
        pattern = pick(
            ("{s} {t}", "{t} {s}", "{s} & {o} {t}", "{t} {p}", "{s} {t} {p}", "{s} en Zonen", "{i} {s}")
        )
        name = pattern.format(
            s=surname, t=trade, p=town, o=pick(SURNAMES.split()).replace("_", " "), i=f"{pick('ABCDEJKMP')}."
        )
        slug = "".join(c for c in name.lower() if c.isalnum())
        iban = pick(self._factors) if self._random.random() < self.noise.factoring else self._iban()
        domain = f"{slug}{self._random.randrange(1000)}.example"
        return Company(f"{name} {pick(FORMS)}".strip(), self._vat(), self._next_kvk(), iban, f"info@{domain}")

    def _sister(self, company: Company) -> Company:
        """Another company of the same owners: one VAT number, one domain, sometimes one account."""
        stem = " ".join(company.name.split()[:1])
        trade, kind = (
            self._random.choice(TRADES.split()),
            self._random.choice(("Beheer", "Holding", "Groep", "")),
        )
        name = f"{stem} {trade} {kind} B.V."
        shares = self._random.random() < self.noise.shared_iban_of_sisters
        iban = company.iban if shares else self._iban()
        vat = company.vat if self._random.random() < 0.5 else self._vat()
        return Company(" ".join(name.split()), vat, self._next_kvk(), iban, company.email)

    def _stranger(self, near: Company) -> Company:
        kind = self._random.randrange(4)
        if kind == 0:
            return self._sister(near)
        company = self._company()
        if kind == 1:
            company.iban = self._random.choice(self._factors)
        elif kind == 2:
            company.name = near.name
        return company

    def _card(self, key: str, company: Company) -> dict[str, str]:
        row = {"id": key, "name": company.name}
        for column in COLUMNS:
            has = self._random.random() < getattr(self.noise, f"card_{column}")
            row[column] = getattr(company, column) if has else ""
        if self._random.random() < self.noise.stale:
            column = self._random.choice(("vat", "kvk", "iban"))
            renewed = {"vat": self._vat, "kvk": self._next_kvk, "iban": self._iban}[column]()
            row[column] = renewed if row[column] else ""
        return row

    def _said(self, company: Company) -> dict[str, str]:
        row = {"name": self._written(company.name)}
        for column in COLUMNS:
            has = self._random.random() < getattr(self.noise, f"said_{column}")
            row[column] = getattr(company, column) if has else ""
            if row[column] and column != "email" and self._random.random() < self.noise.mistyped:
                row[column] = self._mistyped(row[column])
        if row["email"] and self._random.random() < self.noise.freemail:
            row["email"] = f"someone@{self._random.choice(FREEMAIL)}"
        return row

    def _mistyped(self, text: str) -> str:
        places = [at for at, c in enumerate(text) if c.isdigit() and at > 4]
        at = self._random.choice(places)
        return f"{text[:at]}{self._random.choice([d for d in '0123456789' if d != text[at]])}{text[at + 1 :]}"

    def _written(self, name: str) -> str:
        if self._random.random() >= self.noise.noisy_name:
            return name
        ways: list[Callable[[str], str]] = [
            self._typo,
            lambda text: text.replace("B.V.", "").replace("BV", "").strip() or text,
            lambda text: text.replace("B.V.", "BV"),
            lambda text: " ".join(reversed(text.split())),
            lambda text: text.upper(),
            lambda text: text.replace("&", "en").replace(" en ", " & "),
            lambda text: text.replace("e", "é", 1),
            lambda text: text.replace("&", "&amp;").replace("é", "Ã©"),
            lambda text: " ".join(text.split()[:2]),
            lambda text: (
                f"{text} h.o.d.n. {self._random.choice(TRADES.split())} {self._random.choice(TOWNS.split())}"
            ),
            lambda _text: f"{self._random.choice(TRADES.split())}huis {self._random.choice(TOWNS.split())}",
        ]
        return self._random.choice(ways)(name)

    def _typo(self, text: str) -> str:
        at = self._random.randrange(max(len(text) - 1, 1))
        return self._random.choice(
            (
                text[:at] + text[at + 1 :],
                text[:at] + text[at : at + 2][::-1] + text[at + 2 :],
                text[:at] + text[at] + text[at:],
            )
        )

    def _next_kvk(self) -> str:
        """Numbers run on: what is registered on one day lies side by side."""
        self._kvk += 1 if self._random.random() < 0.1 else self._random.randrange(2, 700)
        return str(self._kvk)

    def _vat(self) -> str:
        while True:
            digits = [self._random.randrange(10) for _ in range(8)]
            check = sum(weight * digit for weight, digit in zip(range(9, 1, -1), digits, strict=True)) % 11
            if check < 10:
                return f"NL{''.join(map(str, digits))}{check}B01"

    def _iban(self) -> str:
        body = f"{self._random.choice(('ABNA', 'INGB', 'RABO', 'TRIO'))}{self._random.randrange(10**10):010d}"
        check = 98 - int("".join(str(int(c, 36)) for c in f"{body}NL00")) % 97
        return f"NL{check:02d}{body}"
