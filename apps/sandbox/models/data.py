"""What the simulated Exact Online keeps: rows, their numbers, the bytes of attachments."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Row(models.Model):
    """One entity of one resource, under Exact's own field names in canonical values.

    `parent` and `mark` repeat what rows are looked up by: the key of the owner, and the code or number.
    """

    resource = models.CharField(_("resource"), max_length=60)
    division = models.PositiveIntegerField(_("division"))
    key = models.CharField(_("key"), max_length=80)
    parent = models.CharField(max_length=40, blank=True, default="")
    mark = models.CharField(max_length=80, blank=True, default="")
    timestamp = models.BigIntegerField(_("timestamp"))
    data = models.JSONField(_("fields"))

    objects: ClassVar[models.Manager["Row"]] = models.Manager()

    class Meta:
        verbose_name = _("row in Exact")
        verbose_name_plural = _("rows in Exact")
        constraints: ClassVar = [
            models.UniqueConstraint("resource", "division", "key", name="row_once"),
            models.UniqueConstraint("division", "timestamp", name="timestamp_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["resource", "division", "timestamp"], name="row_by_timestamp"),
            models.Index(fields=["resource", "division", "parent"], name="row_by_parent"),
            models.Index(fields=["resource", "division", "mark"], name="row_by_mark"),
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.key}"


class JournalPeriod(Row):
    """Whether one journal is closed in one period: rows of read/financial/JournalStatusList."""

    class Meta:
        proxy = True
        verbose_name = _("journal period")
        verbose_name_plural = _("journal periods")


class Division(Row):
    """One administration: rows of system/Divisions."""

    class Meta:
        proxy = True
        verbose_name = _("division in Exact")
        verbose_name_plural = _("divisions in Exact")


class PurchaseOrder(Row):
    """One purchase order: rows of purchaseorder/PurchaseOrders."""

    class Meta:
        proxy = True
        verbose_name = _("purchase order in Exact")
        verbose_name_plural = _("purchase orders in Exact")


class Sequence(models.Model):
    """A number that only rises, per division: row versions, booking numbers, account codes."""

    name = models.CharField(max_length=80)
    division = models.PositiveIntegerField()
    value = models.BigIntegerField()

    objects: ClassVar[models.Manager["Sequence"]] = models.Manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("name", "division", name="sequence_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.division}: {self.value}"


class AttachedFile(models.Model):
    """The bytes of one document attachment, by the key of its row."""

    key = models.CharField(max_length=36, primary_key=True)
    content = models.BinaryField()

    objects: ClassVar[models.Manager["AttachedFile"]] = models.Manager()

    def __str__(self) -> str:
        return self.key
