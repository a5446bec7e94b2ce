"""What each VAT scenario means in the Dutch VAT return: boxes, what is booked, and the rule it stands on. Pure.

A reading of ordinary practice (e-invoicing facts 5), no tax advice: the firm signs it off. Box numbers are those of
the return of the Belastingdienst for entrepreneurs. The texts are in English and translated where they are shown.
"""

import json
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext_noop as _

from apps.rules.scenario import Scenario

OWED = ("2a", "4a", "4b")  # VAT that the buyer declares; 5b is what is reclaimed


@dataclass(frozen=True, slots=True)
class Treatment:
    """The boxes of a purchase in the VAT return, what is booked, and where that is written."""

    boxes: tuple[str, ...]
    booked: str
    source: str

    @property
    def shown(self) -> str:
        """The boxes for people: "4b + 5b"; "-" for none."""
        return " + ".join(self.boxes) or "-"


TREATMENTS: dict[Scenario, Treatment] = {
    Scenario.NL_HIGH: Treatment(
        ("5b",),
        _("The net amount is cost; the VAT on the invoice is reclaimed."),
        _("Wet OB 1968 art. 9 (1) and 15 (1)(a)"),
    ),
    Scenario.NL_LOW: Treatment(
        ("5b",),
        _("The net amount is cost; the VAT on the invoice is reclaimed."),
        _("Wet OB 1968 art. 9 (2)(a), table I, and 15 (1)(a)"),
    ),
    Scenario.NL_ZERO: Treatment(
        (),
        _("The amount is cost; there is no VAT to reclaim."),
        _("Wet OB 1968 art. 9 (2)(b), table II"),
    ),
    Scenario.NL_EXEMPT: Treatment(
        (),
        _("The amount is cost; there is no VAT to reclaim."),
        _("Wet OB 1968 art. 11"),
    ),
    Scenario.NL_REVERSE: Treatment(
        ("2a", "5b"),
        _("The amount is cost; VAT over it is declared by the buyer and reclaimed in the same return."),
        _("Wet OB 1968 art. 12 (5), Uitvoeringsbesluit OB 1968 art. 24b to 24bb"),
    ),
    Scenario.EU_GOODS: Treatment(
        ("4b", "5b"),
        _(
            "The amount is cost; VAT over the acquisition is declared by the buyer and reclaimed in the same return."
        ),
        _("Wet OB 1968 art. 17a to 17e and 15 (1)(b)"),
    ),
    Scenario.EU_SERVICES: Treatment(
        ("4b", "5b"),
        _(
            "The amount is cost; VAT over the service is declared by the buyer and reclaimed in the same return."
        ),
        _("Wet OB 1968 art. 6 (1) and 12 (2)"),
    ),
    Scenario.IMPORT: Treatment(
        ("4a", "5b"),
        _(
            "With a licence of article 23: VAT over the import is declared by the buyer (4a) and reclaimed (5b). "
            "Without one: VAT is paid on the customs document and reclaimed with that (5b); the invoice has none."
        ),
        _("Wet OB 1968 art. 18, 22 and 23"),
    ),
    Scenario.NON_EU_SERVICES: Treatment(
        ("4a", "5b"),
        _(
            "The amount is cost; VAT over the service is declared by the buyer and reclaimed in the same return."
        ),
        _("Wet OB 1968 art. 6 (1) and 12 (2)"),
    ),
    Scenario.MARGIN: Treatment(
        (),
        _("The whole amount is cost; the VAT in it cannot be reclaimed."),
        _("Wet OB 1968 art. 28b to 28i, and 28z for travel agents"),
    ),
    Scenario.FOREIGN: Treatment(
        (),
        _("The amount with the foreign VAT is cost; a refund is asked for outside the Dutch return."),
        _("Directive 2008/9/EC for EU countries"),
    ),
    Scenario.OUTSIDE: Treatment(
        (),
        _("The amount is cost; there is no VAT to reclaim."),
        _("Wet OB 1968 art. 1; small business scheme: art. 25"),
    ),
}


def digest() -> str:
    """Return the mark of the whole table: it changes with any scenario, box or text, and so do sign-offs lapse."""
    rows = [[scenario.value, *one.boxes, one.booked, one.source] for scenario, one in TREATMENTS.items()]
    return sha256(json.dumps(rows).encode()).hexdigest()
