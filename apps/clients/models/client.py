"""The firm's clients, and who works for whom."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.clients.access import VisibleQuerySet
from apps.people.models import User


class Clients(VisibleQuerySet["Client"]):
    """Clients of the firm."""

    def visible_to(self, user: Any) -> Self:
        """Return the clients that `user` works for; all of them for administrators."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        return self if user.sees_everything else self.filter(pk__in=user.assignments.values("client"))


class ClientGroups(models.QuerySet["ClientGroup"]):
    """Groups of clients."""

    def visible_to(self, user: Any) -> Self:
        """Return the groups: they are words of the firm, the clients in them are not shown by them."""
        return self if isinstance(user, User) and user.is_active else self.none()


class ClientGroup(models.Model):
    """Clients that are booked alike: restaurants, care, an office of the firm. Rules can be for a group."""

    name = models.CharField(_("name"), max_length=100, unique=True)

    objects = ClientGroups.as_manager()

    class Meta:
        verbose_name = _("group of clients")
        verbose_name_plural = _("groups of clients")

    def __str__(self) -> str:
        return self.name


class Client(models.Model):
    """A customer of the firm."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    slug = models.SlugField(_("short name"), unique=True)
    group = models.ForeignKey(
        ClientGroup,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="clients",
        verbose_name=_("group of clients"),
    )
    question_email = models.EmailField(
        _("e-mail address for questions"),
        blank=True,
        help_text=_("Where questions about its documents are sent."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = Clients.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")

    def __str__(self) -> str:
        return self.name


class Assignments(VisibleQuerySet["Assignment"]):
    """Who works for whom."""

    def visible_to(self, user: Any) -> Self:
        """Return the assignments of the clients that `user` works for."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        return self if user.sees_everything else self.filter(client__in=user.assignments.values("client"))


class Assignment(models.Model):
    """This person works for this client."""

    user = models.ForeignKey(User, models.CASCADE, related_name="assignments", verbose_name=_("user"))
    client = models.ForeignKey(Client, models.CASCADE, related_name="assignments", verbose_name=_("client"))

    objects = Assignments.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "client"], name="assignment_once")]

    def __str__(self) -> str:
        return f"{self.user} - {self.client}"
