"""Why a document waits for a person: a closed list, with who must act and the plain sentence. Pure."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Cause(models.TextChoices):
    """The causes."""

    UNREADABLE = "unreadable", _("unreadable")
    NOT_OURS = "not_ours", _("not for any of our administrations")
    SEVERAL_ADMINISTRATIONS = "several_administrations", _("several administrations possible")
    POSSIBLE_DOUBLE = "possible_double", _("possible double")
    VENDOR_UNKNOWN = "vendor_unknown", _("vendor unknown")
    VENDOR_CONFLICT = "vendor_conflict", _("vendor conflict")
    SUPPLIER_BLOCKED = "supplier_blocked", _("supplier blocked")
    IBAN_CHANGED = "iban_changed", _("IBAN changed")
    TOTALS_DIFFER = "totals_differ", _("totals do not add up")
    NO_GL_ACCOUNT = "no_gl_account", _("no ledger account")
    NO_VAT_CODE = "no_vat_code", _("no VAT code for the scenario")
    COST_CENTRE_MISSING = "cost_centre_missing", _("cost centre missing")
    ITEM_UNKNOWN = "item_unknown", _("item unknown")
    PERIOD_CLOSED = "period_closed", _("period closed or filed")
    NEEDS_APPROVAL = "needs_approval", _("needs approval")
    QUESTION_TO_CLIENT = "question_to_client", _("question to the client")
    REJECTED_BY_EXACT = "rejected_by_exact", _("rejected by Exact")
    OUTCOME_UNCERTAIN = "outcome_uncertain", _("outcome uncertain")


@dataclass(frozen=True, slots=True)
class Advice:
    """Who must act (`bookkeeper`, `reviewer`, `administrator`), what is wrong, and what to do about it."""

    actor: str
    sentence: Promise
    remedy: Promise


ACTORS = {"bookkeeper": _("bookkeeper"), "reviewer": _("reviewer"), "administrator": _("administrator")}
MAIL_REFUSED = Advice(
    "administrator",
    _("The mail server refused the mail for the digital mailbox."),
    _(
        "Have an administrator mend what the mail server says: the sender, the address of the mailbox, or the sign-in "
        "at the mail server; then try again."
    ),
)
MAILBOX_REFUSED = Advice(
    "administrator",
    _("Exact refused what was put into the digital mailbox."),
    _("Have an administrator mend what is said below; then try again."),
)
ADVICE: dict[str, Advice] = {
    Cause.UNREADABLE: Advice(
        "bookkeeper", _("The file cannot be read."), _("Ask the sender for a new copy, or ignore it.")
    ),
    Cause.NOT_OURS: Advice(
        "reviewer",
        _("The receiver on the document is none of our administrations."),
        _("Choose the administration, or ignore the document."),
    ),
    Cause.SEVERAL_ADMINISTRATIONS: Advice(
        "reviewer",
        _("More than one of our administrations is possible."),
        _("Choose the administration."),
    ),
    Cause.POSSIBLE_DOUBLE: Advice(
        "bookkeeper",
        _("This vendor already sent a document with this number, but with other figures."),
        _("Compare the two; book it anyway, or ignore it."),
    ),
    Cause.VENDOR_UNKNOWN: Advice(
        "reviewer",
        _("No supplier in Exact carries a number of this vendor."),
        _("Map the vendor to a supplier."),
    ),
    Cause.VENDOR_CONFLICT: Advice(
        "reviewer",
        _("The numbers on the document point to different suppliers."),
        _("Choose the right supplier, and correct the other card in Exact."),
    ),
    Cause.SUPPLIER_BLOCKED: Advice(
        "bookkeeper",
        _("The supplier's card in Exact is blocked, or is no supplier."),
        _("Release the card in Exact and sync, or map the vendor to another supplier."),
    ),
    Cause.IBAN_CHANGED: Advice(
        "reviewer",
        _("The bank account on the document is not on the supplier's card."),
        _("Look into the account: one of you calls the supplier, a second person confirms."),
    ),
    Cause.TOTALS_DIFFER: Advice(
        "bookkeeper",
        _("The amounts on the document do not add up."),
        _("Check the document; book it anyway, or ask the sender for a correct one."),
    ),
    Cause.NO_GL_ACCOUNT: Advice(
        "bookkeeper",
        _("No rule, card or earlier booking says which ledger account this is."),
        _("Choose the ledger account on the lines, or make a booking rule."),
    ),
    Cause.NO_VAT_CODE: Advice(
        "bookkeeper",
        _("The VAT table of this administration has no code for what the document says."),
        _("Choose the VAT code on the lines, or fill the VAT table."),
    ),
    Cause.COST_CENTRE_MISSING: Advice(
        "bookkeeper",
        _("The ledger account demands a cost centre or cost unit and none is known."),
        _("Fill it in on the lines, or make a booking rule."),
    ),
    Cause.ITEM_UNKNOWN: Advice("bookkeeper", _("An item is not known in Exact."), _("Map the item.")),
    Cause.PERIOD_CLOSED: Advice(
        "bookkeeper",
        _("The date lies in a period that Exact does not accept bookings in."),
        _("Open the period in Exact and try again, or book it by hand."),
    ),
    Cause.NEEDS_APPROVAL: Advice("bookkeeper", _("Somebody must approve this."), _("Approve or ignore it.")),
    Cause.QUESTION_TO_CLIENT: Advice(
        "bookkeeper", _("The client was asked a question."), _("Wait for the answer, or book it.")
    ),
    Cause.REJECTED_BY_EXACT: Advice(
        "bookkeeper", _("Exact refused the booking."), _("Mend what Exact says and try again.")
    ),
    Cause.OUTCOME_UNCERTAIN: Advice(
        "administrator",
        _(
            "A booking was sent to Exact and no answer came. We keep looking and do not send it again blindly."
        ),
        _("Look in Exact; then try again."),
    ),
}
