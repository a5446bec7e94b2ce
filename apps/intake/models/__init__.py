"""What came in: receipts, their parts, and the original bytes; the doors, and the rules for whom it is."""

from apps.intake.models.doors import AllowedSender, Folder, Mailbox, Security
from apps.intake.models.original import Original
from apps.intake.models.part import Offering, Part
from apps.intake.models.receipt import Receipt
from apps.intake.models.routing_rule import RoutingRule, rule_sentence
from apps.intake.models.silence import Silence
from apps.intake.models.words import Channel, Comparison, Evidence, Hold, PartKind, PartOutcome

__all__ = [
    "AllowedSender",
    "Channel",
    "Comparison",
    "Evidence",
    "Folder",
    "Hold",
    "Mailbox",
    "Offering",
    "Original",
    "Part",
    "PartKind",
    "PartOutcome",
    "Receipt",
    "RoutingRule",
    "Security",
    "Silence",
    "rule_sentence",
]
