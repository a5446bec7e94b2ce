"""The parties of UBL documents that are no invoices: reminders, statements, orders, answers. Pure."""

from lxml import etree

from apps.intake.document import Party
from apps.intake.ubl.branches import Branch
from apps.intake.ubl.parties import read_party

# Sender and receiver by the names that the document kinds give them.
_SENDERS = ("AccountingSupplierParty", "SellerSupplierParty", "SenderParty")
_RECEIVERS = ("AccountingCustomerParty", "BuyerCustomerParty", "ReceiverParty")


def read_correspondents(element: etree._Element) -> tuple[Party, Party]:
    """Return the receiver and the sender, or buyer and seller, that a document names; empty parties for none."""
    root = Branch(element)
    return _first(root, _RECEIVERS), _first(root, _SENDERS)


def _first(root: Branch, names: tuple[str, ...]) -> Party:
    for name in names:
        if name in root:
            outer = root.under(name)
            return read_party(outer.under("Party") if "Party" in outer else outer)
    return Party()
