"""The digital mailbox of an administration in Exact Online, and how it stands."""

from typing import Any, ClassVar

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.core import clock
from apps.people.models import User


class MailboxState(models.TextChoices):
    """How a digital mailbox stands. FRESH: made or confirmed minutes ago, too early to judge."""

    NONE = "none", _("not there yet")
    FRESH = "fresh", _("just made")
    ACTIVE = "active", _("active")
    FORBIDDEN = "forbidden", _("no rights")
    ELSEWHERE = "elsewhere", _("bound to another administration")
    TRIAL = "trial", _("trial licence")
    MISSING = "missing", _("not found in Exact")
    REFUSED = "refused", _("refused by Exact")
    OFFERED = "offered", _("another mailbox found")


MOMENTS = frozenset({"asked_at", "checked_at", "check_at"})


class SentBy(models.TextChoices):
    """How documents are put into the mailbox."""

    API = "api", _("through Exact")
    EMAIL = "email", _("by e-mail to its address")


class DigitalMailboxes(VisibleQuerySet["DigitalMailbox"]):
    """Digital mailboxes of the administrations that somebody may see."""


class DigitalMailbox(models.Model):
    """One administration's mailbox at Exact Online. Only `exact_id` and `for_division` are Exact's words."""

    administration = models.OneToOneField(
        Administration, models.CASCADE, related_name="digital_mailbox", verbose_name=_("administration")
    )
    address = models.CharField(_("address"), max_length=120)
    offered = models.CharField(
        max_length=120,
        blank=True,
        default="",
        editable=False,
        help_text="A mailbox of another name that Exact has for the division: a person says whether it is used.",
    )
    exact_id = models.UUIDField(null=True, editable=False)
    for_division = models.PositiveIntegerField(_("bound to division"), null=True, editable=False)
    state = models.CharField(
        _("status"), max_length=10, choices=MailboxState.choices, default=MailboxState.NONE, editable=False
    )
    words = models.TextField(_("words of Exact"), blank=True, default="", editable=False)
    asked_at = models.DateTimeField(
        null=True, editable=False, help_text="A creation was sent then, or a person said that it is there."
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, editable=False)
    check_at = models.DateTimeField(_("checked again at"), null=True, editable=False)
    sent_by = models.CharField(
        _("documents are sent"), max_length=5, choices=SentBy.choices, default=SentBy.API
    )
    sender_allowed = models.CharField(
        _("sender allowed"), max_length=200, blank=True, help_text="Who looked, and when."
    )
    setting_confirmed = models.CharField(
        _("setting in Exact Globe"), max_length=200, blank=True, help_text="Who looked, and when."
    )

    objects = DigitalMailboxes.as_manager()
    history = HistoricalRecords(excluded_fields=["checked_at", "check_at"])

    class Meta:
        verbose_name = _("digital mailbox")
        verbose_name_plural = _("digital mailboxes")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["address"], name="one_digital_mailbox_per_address")
        ]

    def __str__(self) -> str:
        return self.address

    def settle(self, *, by: User | None = None, why: str = "", **values: Any) -> bool:
        """Store how it stands now; False when somebody else did so since this row was read.

        What changes besides the moments is kept in the history; `by` and `why` say who did it and what they did.
        """
        with transaction.atomic():
            same = DigitalMailbox.objects.filter(pk=self.pk, state=self.state, asked_at=self.asked_at)
            if same.update(**values) != 1:
                return False
            told = any(getattr(self, name) != value for name, value in values.items() if name not in MOMENTS)
            self.refresh_from_db()
            if told or by:
                self.keep("state", by=by, why=why)
        return True

    def keep(self, *fields: str, by: User | None, why: str = "") -> None:
        """Store what somebody decided, with who and why in the history."""
        self._history_user = by
        self._change_reason = why[:100]
        self.save(update_fields=fields)

    def want(self, *, by: User, **more: Any) -> bool:
        """Have it found, or made where it is not there; False while that is under way, or when it is there.

        `more`: fields that are set with it. Raises IntegrityError for an address that another one has.
        """
        if self.state in (MailboxState.FRESH, MailboxState.ACTIVE):
            return False
        asked: dict[str, Any] = {"state": MailboxState.NONE, "asked_at": None, "words": ""}
        asked |= {"exact_id": None, "for_division": None}  # what was seen before may be gone
        return self.settle(by=by, why=str(_("asked to be made")), check_at=clock.now(), **asked, **more)

    def say_made(self, *, by: User) -> bool:
        """Keep that somebody says to have made it in Exact, so that it is looked for; False when it is known."""
        if self.state == MailboxState.ACTIVE:
            return False
        now = clock.now()
        said: dict[str, Any] = {"state": MailboxState.FRESH, "asked_at": now, "check_at": now, "words": ""}
        return self.settle(by=by, why=str(_("made by hand in Exact")), **said)

    def takes_for(self, division: int) -> bool:
        """Tell whether it takes documents for the books of `division`: bound to another, they would land there."""
        return self.state == MailboxState.ACTIVE and self.for_division == division

    @property
    def is_wanted(self) -> bool:
        """Whether somebody asked for it and it was not made yet."""
        return self.state == MailboxState.NONE and self.check_at is not None
