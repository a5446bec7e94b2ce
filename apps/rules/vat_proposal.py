"""Which VAT code of an administration fits which scenario, read from Exact's own VAT table. Pure.

Never a guess: when two codes fit a scenario equally well, it is left to a person. Sources: Exact facts 4.3
(Type E excluding, I including, B 0 %, N none; Charged is reverse charge) and how Dutch firms word their codes.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from apps.rules.scenario import Scenario

HIGH, LOW = Decimal("0.21"), Decimal("0.09")

_NOT_EU = r"\bbuiten\s+(?:de\s+)?(?:eu\b|europ)|\boutside\s+(?:the\s+)?e[ue]\b|\bnon-?eu\b|\bniet-?eu\b"
_WORDS = {
    "reverse": r"verlegd|verlegging|reverse",
    "eu": r"\beu\b|\beg\b|europese unie|intra-?communau?tair|\bicv\b",
    "services": r"dienst|service",
    "goods": r"goederen|goods|inkopen|verwerving|acquisition",
    "import": r"\binvoer|\bimport",
    "exempt": r"vrijgesteld|vrijstelling|exempt",
    "none": r"geen btw|zonder btw|no vat|without vat|buiten (?:de )?(?:heffing|btw)|n\.?v\.?t\b|onbelast",
    "margin": r"\bmarge|margin",
    "foreign": r"buitenlandse? (?:btw|vat)|foreign",
    "zero": r"\bnul|(?<!\d)0\s*%|\bzero",
    "sales": r"verkoop|verkopen|omzet|\blevering|\bsales\b|afstandsverko",
    "special": r"priv|aftrek|gemengd|\bdeels|\boss\b|correctie|\bauto",
}
_PATTERNS = {trait: re.compile(pattern) for trait, pattern in _WORDS.items()}
_OURS = frozenset({"", "NL"})  # a code of another country computes that country's VAT
_ELSEWHERE = frozenset({"reverse", "eu", "not_eu", "import", "margin", "foreign", "exempt"})


@dataclass(frozen=True)
class Code:
    """A VAT code: Exact's fields, `percentage` as the fraction that holds today, `country` "" when not told."""

    code: str
    description: str
    type: str
    percentage: Decimal | None
    transaction_type: str
    charged: bool
    blocked: bool = False
    country: str = ""

    @property
    def rate(self) -> Decimal:
        """The fraction, 0 where Exact gives none."""
        return self.percentage or Decimal(0)

    @property
    def is_untaxed(self) -> bool:
        """Whether nothing is computed: type N (none) or B (0 %)."""
        return self.type in ("N", "B") and not self.charged

    @cached_property
    def traits(self) -> frozenset[str]:
        """What the words of the description say."""
        words = self.description.lower()
        rest, outside = re.subn(_NOT_EU, " ", words)
        found = {trait for trait, pattern in _PATTERNS.items() if pattern.search(rest)}
        return frozenset(found | ({"not_eu"} if outside else set()))


@dataclass(frozen=True)
class Proposal:
    """The code for a scenario and the line that says why."""

    scenario: Scenario
    code: str
    why: str


# A judge gives how well a code fits; None: not at all.
Judge = Callable[[Code], int | None]


def propose(codes: Iterable[Code]) -> list[Proposal]:
    """Return a proposal for each scenario that one code fits clearly best, in the order of the scenarios."""
    usable = [code for code in codes if _is_for_purchases(code)]
    return list(_proposals(usable))


def _proposals(usable: list[Code]) -> Iterator[Proposal]:
    without = _best(usable, _without_vat)
    for scenario in Scenario:
        own = _best(usable, _JUDGES[scenario]) or _including(usable, scenario)
        if own:
            yield Proposal(scenario, own.code, _why(own))
        elif without and scenario in _UNTAXED and not _fits_any(usable, _JUDGES[scenario]):
            yield Proposal(scenario, without.code, _("No code of its own; %(why)s") % {"why": _why(without)})


def _including(codes: list[Code], scenario: Scenario) -> Code | None:
    """Return the code that includes its VAT, where there is none that excludes it: both lead to the same booking."""
    rate = _RATES.get(scenario)
    if rate is None or _fits_any(codes, _JUDGES[scenario]):
        return None
    return _best(codes, _taxed(rate, "I"))


def _fits_any(codes: list[Code], judge: Judge) -> bool:
    return any(judge(code) is not None for code in codes)


def _is_for_purchases(code: Code) -> bool:
    if code.blocked or code.transaction_type == "S" or "sales" in code.traits:
        return False
    return code.country in _OURS or code.is_untaxed


def _best(codes: list[Code], judge: Judge) -> Code | None:
    """Return the code with the highest mark, None when there is none or two share it."""
    marks = {code.code: mark for code in codes if (mark := judge(code)) is not None}
    top = [code for code in codes if code.code in marks and marks[code.code] == max(marks.values())]
    return top[0] if len(top) == 1 else None


def _preference(code: Code) -> int:
    """Codes for purchases alone come before codes for both; odd ones come last."""
    return (code.transaction_type == "P") - 4 * ("special" in code.traits)


def _taxed(rate: Decimal, type_: str = "E") -> Judge:
    def judge(code: Code) -> int | None:
        fits = code.type == type_ and code.rate == rate and not code.charged and not code.traits & _ELSEWHERE
        return _preference(code) if fits else None

    return judge


def _charged(must: set[str], must_not: set[str], liked: set[str]) -> Judge:
    """Reverse charge: Exact books to pay and to claim, so only a code with `Charged` will do."""

    def judge(code: Code) -> int | None:
        fits = code.charged and code.type == "E" and must <= code.traits and not must_not & code.traits
        return _preference(code) + 2 * (code.rate == HIGH) + len(liked & code.traits) if fits else None

    return judge


def _untaxed(trait: str) -> Judge:
    return lambda code: _preference(code) if code.is_untaxed and trait in code.traits else None


def _zero(code: Code) -> int | None:
    fits = code.type in ("B", "E") and not code.rate and not code.charged
    if not fits or code.traits & (_ELSEWHERE | {"none"}):
        return None
    return _preference(code) + 2 * ("zero" in code.traits)


def _import(code: Code) -> int | None:
    fits = code.traits & {"import", "not_eu"} and "services" not in code.traits and code.type != "I"
    if not fits:
        return None
    return _preference(code) + 2 * code.charged + 2 * (code.rate == HIGH) + ("import" in code.traits)


def _without_vat(code: Code) -> int | None:
    if not code.is_untaxed or code.traits & (_ELSEWHERE | {"zero"}):
        return None
    return _preference(code) + 4 * ("none" in code.traits) + 2 * (code.type == "N")


_JUDGES: dict[Scenario, Judge] = {
    Scenario.NL_HIGH: _taxed(HIGH),
    Scenario.NL_LOW: _taxed(LOW),
    Scenario.NL_ZERO: _zero,
    Scenario.NL_EXEMPT: _untaxed("exempt"),
    Scenario.NL_REVERSE: _charged(set(), {"eu", "not_eu", "import"}, {"reverse"}),
    Scenario.EU_GOODS: _charged({"eu"}, {"services", "import"}, {"goods"}),
    Scenario.EU_SERVICES: _charged({"eu", "services"}, {"import"}, set()),
    Scenario.IMPORT: _import,
    Scenario.NON_EU_SERVICES: _charged({"not_eu", "services"}, {"import"}, set()),
    Scenario.MARGIN: _untaxed("margin"),
    Scenario.FOREIGN: _untaxed("foreign"),
    Scenario.OUTSIDE: _without_vat,
}
_RATES = {Scenario.NL_HIGH: HIGH, Scenario.NL_LOW: LOW}
_UNTAXED = frozenset({Scenario.NL_EXEMPT, Scenario.MARGIN, Scenario.FOREIGN})


def _why(code: Code) -> str:
    kind = {
        "E": _("excluding VAT"),
        "I": _("including VAT"),
        "B": _("zero rate"),
        "N": _("no VAT"),
    }.get(code.type, code.type)
    facts = [kind, *([f"{(code.rate * 100).normalize():f} %"] if code.rate else [])]
    facts += [_("reverse charge")] if code.charged else []
    return _("Exact calls code %(code)s “%(description)s” (%(facts)s).") % {
        "code": code.code,
        "description": code.description,
        "facts": ", ".join(facts),
    }
