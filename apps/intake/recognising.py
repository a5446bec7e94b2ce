"""What is no invoice for the books although it came in with them: reminders, statements, orders, own sales. Pure.

Kinds are the texts of `models.PartKind`.
"""

import re
from collections.abc import Iterator, Set
from pathlib import PurePath

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.intake.detection import ORDERS, Format

INVOICE, SALES_INVOICE = "invoice", "sales_invoice"
REMINDER, STATEMENT, ORDER, ANSWER = "reminder", "statement", "order", "answer"
SALES_ORDER, ORDER_ELSEWHERE = "sales_order", "order_elsewhere"  # why an order is not ordered, beside ORDER
BY_FORMAT = {
    Format.REMINDER: REMINDER,
    Format.STATEMENT: STATEMENT,
    **dict.fromkeys(ORDERS, ORDER),
    Format.APPLICATION_RESPONSE: ANSWER,
}
TITLE_LINES = 12  # of the first page: below them a note may speak of reminders
LONGEST_TITLE = 70  # characters
# In the order in which they are looked for: a reminder lists open items and names invoices.
_WORDS = {
    REMINDER: (
        "betalingsherinnering|herinnering|aanmaning|sommatie|ingebrekestelling|payment reminder|reminder|dunning|"
        "overdue notice|zahlungserinnerung|mahnung|rappel|mise en demeure"
    ),
    STATEMENT: (
        "rekeningoverzicht|saldo-?overzicht|overzicht openstaande (?:posten|facturen)|openstaande (?:posten|facturen)|"
        "account statement|statement of account|kontoauszug|releve de compte|relevé de compte"
    ),
    ORDER: (
        "order-?bevestiging|bestelbevestiging|order confirmation|purchase order|inkooporder|bestelbon|pakbon|"
        "auftragsbestätigung|auftragsbestatigung|bon de commande"
    ),
    INVOICE: "factuur|facturen|creditnota|invoice|credit note|rechnung|gutschrift|facture|faktuur",
}
_PATTERNS = {kind: re.compile(rf"(?<![^\W\d_])(?:{words})(?![^\W\d_])") for kind, words in _WORDS.items()}
_SENTENCES = {
    SALES_INVOICE: gettext_lazy("This is a sales invoice of %(name)s itself, not a purchase invoice."),
    REMINDER: gettext_lazy("This is a reminder, not an invoice."),
    STATEMENT: gettext_lazy("This is a statement of account, not an invoice."),
    ORDER: gettext_lazy("This is an order document; orders are switched off for %(name)s."),
    SALES_ORDER: gettext_lazy("This is a sales order of %(name)s itself, not a purchase order."),
    ORDER_ELSEWHERE: gettext_lazy(
        "This is an order document; the books of %(name)s are not in Exact Online, which alone takes orders."
    ),
    ANSWER: gettext_lazy("This is an answer to an invoice (ApplicationResponse), not an invoice."),
}


def by_words(filename: str, subject: str, text: str) -> str:
    """Return the kind of a file that is no e-invoice, by the title on its first page; "" when that is not certain.

    Without text its name says it, and only where that is silent the subject of its mail: a reminder often brings a
    copy of the invoice along, which may be wanted.
    """
    title = _of_title(text)
    if title or text.strip():
        return title if title != INVOICE else ""
    for words in (PurePath(filename).stem.replace("_", " "), subject):
        kind = _kind_of(words)
        if kind:
            return kind if kind != INVOICE else ""
    return ""


def _of_title(text: str) -> str:
    """The first line that is a title decides; one of an invoice anywhere among them outweighs orders and statements."""
    kinds = [
        kind for line in _titles(text) if (kind := _kind_of(line)) and not (kind == ORDER and ":" in line)
    ]
    if not kinds or kinds[0] in (REMINDER, INVOICE):
        return kinds[0] if kinds else ""
    return INVOICE if INVOICE in kinds else kinds[0]


def _titles(text: str) -> Iterator[str]:
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    yield from (line for line in lines[:TITLE_LINES] if len(line) <= LONGEST_TITLE)


def _kind_of(words: str) -> str:
    plain = words.casefold()
    found = [kind for kind, pattern in _PATTERNS.items() if pattern.search(plain)]
    if found == [ORDER, INVOICE]:  # "Factuur / pakbon"
        return INVOICE
    return found[0] if found else ""


def is_own_sales(suppliers: Set[int], receivers: Set[int], routed: tuple[int, ...]) -> bool:
    """Tell whether our client sent this invoice itself: its supplier is ours, and its receiver is not another of ours.

    `suppliers` and `receivers`: whose the numbers of the two companies are; `routed`: for whom it came. Where both are
    ours it is the purchase of the receiver; sister companies with one VAT number are for a person.
    """
    if not suppliers:
        return False
    if receivers:
        return receivers == suppliers and len(suppliers) == 1
    return not routed or (len(routed) == 1 and routed[0] in suppliers)


def reason(kind: str, administration: str) -> str:
    """Return why something of `kind` is not booked, and where it lies; `administration`: its name, "" for nobody's."""
    if kind == ORDER and not administration:
        sentence = _("This is an order document that is for nobody here.")
    else:
        sentence = str(_SENTENCES[kind]) % {"name": administration or _("one of our clients")}
    if administration:
        words = _("It lies under Other post of %(administration)s.")
        place = words % {
            "administration": administration.removesuffix(".")
        }  # "B.V." ends the sentence itself
    else:
        place = _("It lies under Other post.")
    return f"{sentence} {place}"
