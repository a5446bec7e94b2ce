"""The closed lists of what comes in: ways in, outcomes, kinds, and why something waits."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """The way something came in."""

    UPLOAD = "upload", _("upload")
    COMMAND = "command", _("command line")
    PEPPOL = "peppol", "Peppol"
    MAIL = "mail", _("e-mail")
    FOLDER = "folder", _("folder")


class PartOutcome(models.TextChoices):
    """What became of a part: exactly one of these, `received` only until it was read."""

    RECEIVED = "received", _("received")
    DOCUMENT = "document", _("document")
    ATTACHMENT = "attachment", _("attachment")
    DUPLICATE = "duplicate", _("duplicate")
    IGNORED = "ignored", _("not for the books")
    REJECTED = "rejected", _("rejected")


class PartKind(models.TextChoices):
    """What a part turned out to be, where it is not an invoice for one of our administrations."""

    UNKNOWN = "", _("not known")
    INVOICE = "invoice", _("invoice or credit note")
    SALES_INVOICE = "sales_invoice", _("sales invoice of the client itself")
    REMINDER = "reminder", _("reminder")
    STATEMENT = "statement", _("statement of account")
    ORDER = "order", _("purchase order")
    ANSWER = "answer", _("answer to an invoice")
    JUNK = "junk", _("logo, signature or other junk")


class Hold(models.TextChoices):
    """Why what came in is not read yet, although it could be."""

    NONE = "", _("nothing")
    SENDER = "sender", _("the sender is not on the list")


class Evidence(models.TextChoices):
    """What a routing rule looks at."""

    RECIPIENT = "recipient", _("address it was sent to")
    SENDER = "sender", _("address it came from")
    RECEIVER = "receiver", _("receiver as the document names it")
    BUYER_REFERENCE = "buyer_reference", _("reference of the buyer")
    ORDER_NUMBER = "order_number", _("order number")
    TEXT = "text", _("text in the document")


class Comparison(models.TextChoices):
    """How a routing rule compares."""

    EQUALS = "equals", _("is")
    STARTS = "starts", _("starts with")
    CONTAINS = "contains", _("contains")
    WORD = "word", _("contains the word")
