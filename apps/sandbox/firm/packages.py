"""Which package of Exact Online each administration has (Exact facts 2.1), and the features in it."""

from dataclasses import dataclass

from apps.sandbox.firm.divisions import DIVISIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """The package of a division; Premium has no ceiling per day for one app."""

    division: int
    kind: str
    variant: str
    unlimited_days: bool = False
    features: tuple[tuple[int, str], ...]


# The numbers are invented: Exact publishes no list of them.
_EVERYWHERE = ((1, "Accounting"), (2, "VAT returns"), (5, "Documents"))
_TRADE = (11, "Items and purchase orders")
_MAILBOX = (21, "Digital mailbox")

LICENCES: tuple[Licence, ...] = (
    Licence(
        division=DIVISIONS[0].code, kind="Trade", variant="plus", features=(*_EVERYWHERE, _TRADE, _MAILBOX)
    ),
    Licence(division=DIVISIONS[1].code, kind="Accounting", variant="essentials", features=_EVERYWHERE),
    Licence(
        division=DIVISIONS[2].code, kind="Project", variant="professional", features=(*_EVERYWHERE, _TRADE)
    ),
    Licence(
        division=DIVISIONS[3].code,
        kind="Accounting",
        variant="premium",
        unlimited_days=True,
        features=(*_EVERYWHERE, _MAILBOX),
    ),
)
