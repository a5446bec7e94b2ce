"""What was changed since a document was coded, and would have kept it from being booked by itself."""

from django.db.models import Exists, OuterRef, Q

from apps.clients.models import Limits
from apps.invoices.models import Autonomy, Invoice, InvoiceLine, ValueSource
from apps.rules.models import BookingRule, VATTable


def overtaken(invoice: Invoice) -> Q:
    """Return the condition under which `invoice` is coded anew before it is sent, for one query together with others.

    A VAT code in doubt holds every document. What nobody agreed with is also held by a vendor that was switched off
    or fell back, a ceiling that was set or lowered, and a rule that forbids booking by itself: each by its moment, so
    that a document that was coded since does not come back for ever.
    """
    doubted = VATTable.objects.filter(administration=invoice.administration_id, scenario=OuterRef("scenario"))
    lines = InvoiceLine.objects.filter(invoice=invoice.pk, vat_source=ValueSource.TABLE)
    held = Q(Exists(lines.filter(Exists(doubted.exclude(doubt="")))))
    administration = invoice.administration
    if invoice.accepted_by_id is not None or administration is None:
        return held
    since, client = invoice.changed_at, administration.client_id
    here = {"administration": administration.pk, "supplier": invoice.supplier}
    steps = Autonomy.history.filter(history_date__gt=since, **here)
    ceilings = Limits.history.filter(Q(client=None) | Q(client=client), history_date__gt=since)
    whose = Q(administration=administration.pk) | Q(administration=None, client=client)
    whose |= Q(administration=None, client=None)
    forbidding = BookingRule.objects.filter(whose, active=True, never_automatic=True, changed_at__gt=since)
    return held | Q(Exists(steps)) | Q(Exists(ceilings)) | Q(Exists(forbidding))
