"""Why the past cannot answer a rule, in the words of a bookkeeper. Pure."""

from django.utils.translation import gettext_lazy as _

REASONS = {
    "supplier_contains": _("the booking names no supplier"),
    "supplier_code": _("the booking names no supplier"),
    "vendor_key": _("the ledger does not keep the vendor's own numbers"),
    "classification": _("the booking names no supplier"),
    "buyer_reference": _("the ledger does not keep the buyer reference"),
    "order_number": _("the ledger does not keep the order number"),
    "delivery_address": _("the ledger does not keep the delivery address"),
    "item_group": _("the ledger does not keep the item"),
    "seller_item": _("the ledger does not keep the seller's item code"),
    "commodity_code": _("the ledger does not keep the commodity code"),
    "scenario": _("the VAT code of the line stands for no single VAT scenario"),
    "amount": _("the amount of the line is not known"),
    "text": _("the text could not be searched"),
    "header": _("the ledger does not keep the texts in the header of the document"),
    "no_codes": _("the rule gives no ledger account, VAT code, cost centre or cost unit to compare"),
    "stronger": _("whether a stronger rule speaks first cannot be told"),
    "unknown_code": _("this administration does not have a code of the rule, or it is blocked"),
    "booked": _("what it was booked on is not known"),
    "parts": _("the ledger does not keep how a line of a document was split"),
    "private_use": _("the ledger does not keep the private use"),
    "non_deductible": _("the ledger does not keep which VAT was not deductible"),
    "spread": _("over which months it was spread is not compared"),
}


def reason(why: str) -> str:
    """Return the words for `why` of a judgement."""
    return str(REASONS.get(why, why))
