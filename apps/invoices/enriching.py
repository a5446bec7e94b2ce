"""Filling in what a supplier's card in Exact lacks and a document has. Never a field that the card has already."""

from collections.abc import Collection, Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.core import clock, queue
from apps.exact.models import Relation
from apps.invoices.card_books import card_with_number_of, hindrance
from apps.invoices.card_fields import BANK_FIELDS, Values
from apps.invoices.card_gaps import offer
from apps.invoices.card_plans import card_plan
from apps.invoices.models import CardAct, CardWrite, Invoice
from apps.invoices.reviewing import Refused
from apps.people.models import User
from apps.posting.models import Method, Posting, new_reference
from apps.vendors.models import Question


def enrich(about: Invoice | Question, relation: Relation, fields: Collection[str], *, by: User) -> CardWrite:
    """Have the chosen `fields` filled in on the card `relation` in Exact; nothing is sent in this moment.

    Right before it is sent, Exact is asked again what the card lacks. Its `values` are what is to be filled in.
    Raises reviewing.Refused, in words, when nothing is, it is under way already, or another card has such a number.
    """
    administration = about.administration
    if administration is None or relation.division.administration_id != administration.pk:
        raise Refused(_("This card is not in the books of this administration."))
    if words := hindrance(administration):
        raise Refused(words)
    chosen = _chosen(offer(about, relation), fields)
    if not chosen:
        raise Refused(_("There is nothing to fill in: the card has it already, or nothing was chosen."))
    twin = card_with_number_of(chosen, relation.division)
    if twin:
        words = _("Another card has this number already: %(card)s. Look which of the two is right.")
        raise Refused(words % {"card": twin})
    try:
        with transaction.atomic():
            queue.ring("division_due", relation.division_id)
            return _begin(administration, about, relation, chosen, by)
    except IntegrityError as error:
        raise Refused(_("This card is being filled in already.")) from error


def _chosen(gaps: Mapping[str, str], fields: Collection[str]) -> Values:
    """Return the chosen gaps; the BIC goes with its account."""
    names = (set(fields) - set(BANK_FIELDS)) | (set(BANK_FIELDS) if "iban" in fields else set())
    return {name: value for name, value in gaps.items() if name in names}


def _begin(
    administration: Administration, about: Invoice | Question, relation: Relation, values: Values, by: User
) -> CardWrite:
    plan = card_plan(values, relation=str(relation.exact_id))
    posting = Posting.objects.begin(relation.division, Method.CARD, plan, reference=new_reference())
    return CardWrite.objects.create(
        administration=administration,
        question=about if isinstance(about, Question) else about.question,
        posting=posting,
        act=CardAct.ENRICH,
        name=relation.name,
        values=values,
        relation=relation.exact_id,
        asked_by=by,
        asked_at=clock.now(),
    )
