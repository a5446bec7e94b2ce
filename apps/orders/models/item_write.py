"""What people asked to be made in Exact for a line that nobody knows: a new item, and its link with the supplier."""

from collections.abc import Iterable
from datetime import timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.core import clock
from apps.items.models import ItemQuestion
from apps.people.models import User
from apps.posting.models import Posting, PostingState

TOLD_FOR = timedelta(days=7)  # above the list of orders


class ItemWrites(VisibleQuerySet["ItemWrite"]):
    """What was asked in the administrations that somebody may see."""

    def under_way(self) -> Self:
        """Return those that are not finished, also what Exact refused and somebody may mend."""
        return self.filter(ended_at=None)

    def told(self) -> Self:
        """Return those of which Exact decided, and that were not taken back yet."""
        return self.under_way().filter(posting__finished_at__isnull=False)

    def to_tidy(self) -> Self:
        """Return those whose item stands in Exact without use, or that leave something else to do, of late."""
        since = clock.now() - TOLD_FOR
        answered = Q(question=None) | Q(question__answered_at__isnull=False)
        return self.filter(answered, ended_at__gte=since).exclude(remark="")

    def last_of(self, questions: Iterable[ItemQuestion]) -> dict[int, "ItemWrite"]:
        """Return the last one asked for each of `questions`, unless nothing is to be said of it any more; one query."""
        rows = self.filter(question__in=[question.pk for question in questions]).order_by("pk")
        last = {row.question_id: row for row in rows.select_related("posting")}
        return {key: row for key, row in last.items() if key and (row.ended_at is None or row.remark)}


class ItemWrite(models.Model):
    """One item that is made, by one posting, as the answer to `question`. `values`: what the person sent, as texts.

    `item`: its id in Exact, at the end. `remark` says what is left to do for people, "" when nothing is.
    """

    administration = models.ForeignKey(
        Administration, models.CASCADE, related_name="item_writes", verbose_name=_("administration")
    )
    question = models.ForeignKey(
        ItemQuestion, models.SET_NULL, null=True, related_name="writes", verbose_name=_("question")
    )
    posting = models.OneToOneField(
        Posting, models.PROTECT, related_name="item_write", verbose_name=_("posting")
    )
    code = models.CharField(_("item code"), max_length=60)
    values = models.JSONField(_("values"), default=dict)
    item = models.UUIDField(_("item"), null=True)
    asked_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    remark = models.TextField(_("remark"), blank=True, default="")

    objects = ItemWrites.as_manager()

    class Meta:
        verbose_name = _("item to make")
        verbose_name_plural = _("items to make")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["question"], condition=Q(ended_at=None), name="one_new_item"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["posting"], condition=Q(ended_at=None), name="itemwrite_under_way")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_refused(self) -> bool:
        """Whether Exact, or what is there already, stands in the way until a person mends it."""
        return self.ended_at is None and bool(self.posting.state == PostingState.REFUSED)

    @property
    def sentence(self) -> str:
        """How it stands, in words."""
        posting = self.posting
        if self.ended_at:
            return self.remark or gettext("The item is in Exact.")
        if self.is_refused:
            words = gettext("Exact refused: %(words)s Mend the form and send it again.")
            return words % {"words": posting.words}
        if posting.state == PostingState.DONE:
            words = gettext("Item %(code)s is in Exact and is being read.")
            return words % {"code": posting.exact_number or self.code}
        return " ".join(filter(None, [gettext("Is being made in Exact."), posting.words]))

    def end(self, *, item: object = None, remark: str = "") -> bool:
        """Say that nothing is left to do by itself; False when another process said so first."""
        values = {"ended_at": clock.now(), "remark": remark, "item": item or self.item}
        hit = ItemWrite.objects.filter(pk=self.pk, ended_at=None).update(**values)
        for name, value in values.items():
            setattr(self, name, value)
        return hit == 1
