"""A digital mailbox for the bakery: the row that we keep, and the mailbox in the simulated Exact."""

from uuid import uuid4

from apps.clients.models import Package
from apps.exact.models import DigitalMailbox, Division, SentBy
from apps.invoices.models import Kind
from apps.posting.models import Method
from apps.sandbox import switches
from apps.sandbox.exact import messages, store
from tests.exact.factories import DigitalMailboxFactory
from tests.invoices.factories import ActiveMethodFactory

OURS = "kantoor@linde.example"
ADDRESS = "34567892@facturen.econnect.eu"


def prepare(division: Division, package: str = Package.EXACT_ONLINE) -> Division:
    """Let the documents of `division` go into its mailbox, which takes mail of OURS; return the division."""
    switches.change(minute_limit=10_000, error_limit=1_000, mailbox_senders=[OURS])
    administration = division.administration
    assert administration
    administration.package = package
    administration.save(update_fields=["package"])
    if package == Package.EXACT_ONLINE:
        ActiveMethodFactory(administration=administration, method=Method.MAILBOX)
        ActiveMethodFactory(administration=administration, kind=Kind.CREDIT_NOTE, method=Method.MAILBOX)
    key = uuid4()
    fields = {"ID": str(key), "Mailbox": ADDRESS, "ForDivision": division.code, "Type": 1}
    store.put(messages.MAILBOXES, division.code, fields)
    DigitalMailboxFactory(
        administration=administration,
        address=ADDRESS,
        is_active=True,
        exact_id=key,
        for_division=division.code,
        sender_allowed="Anna, 29-11-2026",
    )
    return division


def by_mail() -> None:
    """Send what goes into a mailbox by e-mail."""
    DigitalMailbox.objects.update(sent_by=SentBy.EMAIL)
