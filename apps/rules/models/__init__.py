"""How a line is booked: rules of people, what people corrected, and the VAT table of each administration."""

from apps.rules.models.booking_rule import BookingRule, BookingRules, RuleSplit
from apps.rules.models.correction import Correction
from apps.rules.models.replay import Replay
from apps.rules.models.vat_table import ScenarioSignOff, VATTable

__all__ = [
    "BookingRule",
    "BookingRules",
    "Correction",
    "Replay",
    "RuleSplit",
    "ScenarioSignOff",
    "VATTable",
]
