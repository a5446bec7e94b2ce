"""What people asked to be written on cards in Exact: a new supplier, or what a card lacks."""

from collections.abc import Iterable
from typing import ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.core import clock
from apps.core.causes import Cause
from apps.people.models import User
from apps.posting.models import ACCOUNT, Posting, PostingState
from apps.vendors.models import Question


class CardAct(models.TextChoices):
    """What is done with the card."""

    CREATE = "create", _("new supplier")
    ENRICH = "enrich", _("filling in what the card lacks")


_BEGUN = {
    CardAct.CREATE: _("Is being created in Exact."),
    CardAct.ENRICH: _("The card is being filled in in Exact."),
}


class CardWrites(VisibleQuerySet["CardWrite"]):
    """What was asked in the administrations that somebody may see."""

    def under_way(self) -> Self:
        """Return those that are not finished, also what Exact refused and somebody may mend."""
        return self.filter(ended_at=None)

    def told(self) -> Self:
        """Return those of which Exact decided, and that were not taken back yet."""
        return self.under_way().filter(posting__finished_at__isnull=False)

    def last_of(self, questions: Iterable[Question], act: CardAct) -> dict[int, "CardWrite"]:
        """Return the last one asked for each of `questions`, unless nothing is to be said of it any more; one query."""
        rows = self.filter(question__in=[question.pk for question in questions], act=act).order_by("pk")
        last = {row.question_id: row for row in rows.select_related("posting")}
        return {key: row for key, row in last.items() if key and (row.ended_at is None or row.remark)}


class CardWrite(models.Model):
    """One card that is made or filled in, by one posting. `values` are what the person sent, by our own field names.

    `relation` is the card's id in Exact: from the beginning for one that is filled in, at the end for a new one.
    `remark` says what is left to do for people, "" when nothing is.
    """

    administration = models.ForeignKey(
        Administration, models.CASCADE, related_name="card_writes", verbose_name=_("administration")
    )
    question = models.ForeignKey(
        Question, models.SET_NULL, null=True, related_name="card_writes", verbose_name=_("question")
    )
    posting = models.OneToOneField(
        Posting, models.PROTECT, related_name="card_write", verbose_name=_("posting")
    )
    act = models.CharField(_("act"), max_length=10, choices=CardAct.choices)
    name = models.CharField(_("name"), max_length=255)
    values = models.JSONField(_("values"), default=dict)
    relation = models.UUIDField(_("card"), null=True)
    asked_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    remark = models.TextField(_("remark"), blank=True, default="")

    objects = CardWrites.as_manager()

    class Meta:
        verbose_name = _("card to write")
        verbose_name_plural = _("cards to write")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["question"], condition=Q(ended_at=None, act=CardAct.CREATE), name="one_new_supplier"
            ),
            models.UniqueConstraint(
                fields=["administration", "relation"],
                condition=Q(ended_at=None, act=CardAct.ENRICH),
                name="one_filling_in",
            ),
            models.CheckConstraint(
                name="filling_in_names_its_card", condition=~Q(act=CardAct.ENRICH) | Q(relation__isnull=False)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["posting"], condition=Q(ended_at=None), name="cardwrite_under_way")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_refused(self) -> bool:
        """Whether Exact, or what is there already, stands in the way until a person mends it."""
        return self.ended_at is None and bool(self.posting.state == PostingState.REFUSED)

    @property
    def is_under_way(self) -> bool:
        """Whether it goes on by itself, so that nobody need do anything now."""
        return self.ended_at is None and not self.is_refused

    @property
    def is_made(self) -> bool:
        """Whether the card itself is in Exact; only its account number may be missing."""
        return bool(self.posting.steps.get(ACCOUNT, {}).get("state") == "done")

    @property
    def sentence(self) -> str:
        """How it stands, in words."""
        posting = self.posting
        if self.ended_at:
            return self.remark or gettext("The card is in Exact.")
        if self.is_refused:
            return _refusal(posting, is_made=self.is_made)
        if posting.state == PostingState.UNCLEAR:
            return gettext(
                "Exact did not answer. We look whether the card is there before anything is sent again."
            )
        if posting.state == PostingState.DONE:
            words = gettext("Card %(code)s is in Exact and is being read.")
            return words % {"code": posting.exact_number}
        return " ".join(filter(None, [str(_BEGUN[CardAct(self.act)]), posting.words]))

    def end(self, *, relation: UUID | None = None, remark: str = "") -> bool:
        """Say that nothing is left to do by itself; False when another process said so first."""
        values = {"ended_at": clock.now(), "remark": remark, "relation": relation or self.relation}
        hit = CardWrite.objects.filter(pk=self.pk, ended_at=None).update(**values)
        for name, value in values.items():
            setattr(self, name, value)
        return hit == 1


def _refusal(posting: Posting, *, is_made: bool) -> str:
    if posting.cause == Cause.OUTCOME_UNCERTAIN:
        words = gettext("Exact kept giving no answer: look there for the card, then send it again. %(words)s")
    elif posting.cause == Cause.POSSIBLE_DOUBLE:
        return posting.words
    elif is_made:
        words = gettext(
            "The card is in Exact, but its account number was refused: %(words)s Mend it or leave it out, "
            "and send it again."
        )
    else:
        words = gettext("Exact refused: %(words)s Mend the form and send it again.")
    said = posting.words.strip()
    return (words % {"words": said if not said or said.endswith(".") else f"{said}."}).strip()
