"""A rule tried on the past: what it would have done, before it is switched on."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import Leased
from apps.people.models import User
from apps.rules.models.booking_rule import BookingRule


class Replays(models.QuerySet["Replay"]):
    """Replays."""

    def visible_to(self, user: Any) -> Self:
        """Return the replays that `user` asked for; all of them for administrators."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        return self if user.sees_everything else self.filter(asked_by=user)


class Replay(Leased):
    """One run of one rule over the last twelve months of the administrations that its asker sees.

    `spec` is the rule as it was filled in, saved or not: field -> value, with its `splits`. What was looked at
    counts in exactly one of the four; `cursor` says where a run that was cut off goes on. `examples` are the first
    of what differs and would change, as JSON for the page.
    """

    asked_by = models.ForeignKey(User, models.CASCADE, related_name="replays", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    rule = models.ForeignKey(
        BookingRule, models.CASCADE, null=True, related_name="replays", verbose_name=_("rule")
    )
    spec = models.JSONField(_("the rule as tried"), default=dict)
    administrations = models.JSONField(default=list, help_text="Primary keys of where it is tried.")
    cursor = models.JSONField(default=dict)
    total = models.PositiveIntegerField(_("to look at"), null=True)
    looked_at = models.PositiveIntegerField(_("looked at"), default=0)
    agrees = models.PositiveIntegerField(_("as it was booked"), default=0)
    differs = models.PositiveIntegerField(_("otherwise than it was booked"), default=0)
    changes = models.PositiveIntegerField(_("would change what is proposed"), default=0)
    cannot_say = models.PositiveIntegerField(_("cannot say"), default=0)
    not_concerned = models.PositiveIntegerField(_("not concerned"), default=0)
    examples = models.JSONField(default=list)
    trouble = models.TextField(_("why it ended early"), blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    objects = Replays.as_manager()

    class Meta:
        verbose_name = _("replay of a booking rule")
        verbose_name_plural = _("replays of booking rules")
        indexes: ClassVar = [
            models.Index(fields=["asked_at"], condition=Q(finished_at=None), name="replay_to_do")
        ]

    def __str__(self) -> str:
        return f"{self.spec.get('name', '')} {self.asked_at:%Y-%m-%d %H:%M}".strip()
