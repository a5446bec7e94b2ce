"""What goes over the wire: calls, their counts, webhooks."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.sandbox.models.access import ExactUser, RegisteredApp


class Usage(models.Model):
    """Calls of one app in one division in the present minute and UTC day; both as numbers since 1970."""

    app = models.ForeignKey(RegisteredApp, models.CASCADE, related_name="usage")
    division = models.PositiveIntegerField()
    minute = models.BigIntegerField(default=0)
    minute_count = models.PositiveIntegerField(default=0)
    day = models.BigIntegerField(default=0)
    day_count = models.PositiveIntegerField(default=0)
    touched = models.BigIntegerField(default=0)

    objects: ClassVar[models.Manager["Usage"]] = models.Manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("app", "division", name="usage_once")]

    def __str__(self) -> str:
        return f"{self.division}: {self.minute_count}, {self.day_count}"


class ErrorBudget(models.Model):
    """Refused calls of one app and user at one endpoint of one division, and the block that follows."""

    app = models.ForeignKey(RegisteredApp, models.CASCADE, related_name="budgets")
    user = models.ForeignKey(ExactUser, models.CASCADE, related_name="budgets")
    division = models.PositiveIntegerField()
    endpoint = models.CharField(max_length=80)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)
    strikes = models.PositiveIntegerField(default=0)
    blocked_until = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["ErrorBudget"]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("app", "user", "division", "endpoint", name="budget_once")
        ]

    def __str__(self) -> str:
        return f"{self.endpoint} {self.division}: {self.count}"


class Call(models.Model):
    """One call that came in. Status 0: no answer was given. `began` and `ended` are seconds of the machine's clock."""

    at = models.DateTimeField(_("at"))
    began = models.FloatField(default=0)
    ended = models.FloatField(default=0)
    method = models.CharField(_("method"), max_length=6)
    path = models.CharField(_("path"), max_length=80)
    division = models.PositiveIntegerField(_("division"), null=True)
    status = models.PositiveIntegerField(_("status"))
    query = models.CharField(_("query"), max_length=500, blank=True, default="")

    objects: ClassVar[models.Manager["Call"]] = models.Manager()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status}"


class Delivery(models.Model):
    """A webhook on its way. `body` is what is sent, byte for byte; status 0: nobody answered."""

    url = models.CharField(_("address"), max_length=300)
    body = models.TextField(_("body"), blank=True)
    due_at = models.DateTimeField(_("due at"))
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    status = models.PositiveIntegerField(_("status"), default=0)
    done = models.BooleanField(_("done"), default=False)

    objects: ClassVar[models.Manager["Delivery"]] = models.Manager()

    class Meta:
        verbose_name = _("webhook on its way")
        verbose_name_plural = _("webhooks on their way")
        indexes: ClassVar = [models.Index(fields=["done", "due_at"], name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.url} {self.status}"
