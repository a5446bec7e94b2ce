"""What came in: receipts, their parts, and the original bytes."""

from typing import Any, ClassVar, Self

from django.core.files.storage import storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.intake.detection import Format
from apps.people.models import User


class Original(models.Model):
    """The bytes as received, once per content. `content_name` is the place in the `originals` storage."""

    sha256 = models.CharField("SHA-256", max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    content_name = models.CharField(max_length=200)
    received_at = models.DateTimeField(_("received at"))

    class Meta:
        verbose_name = _("original")
        verbose_name_plural = _("originals")

    def __str__(self) -> str:
        return self.sha256[:12]

    def content(self) -> bytes:
        """Return the bytes, exactly as they came in. Raises FileNotFoundError when the storage lost them."""
        with storages["originals"].open(self.content_name) as file:
            return bytes(file.read())


class Channel(models.TextChoices):
    """The way something came in."""

    UPLOAD = "upload", _("upload")
    COMMAND = "command", _("command line")
    PEPPOL = "peppol", "Peppol"
    MAIL = "mail", _("e-mail")
    FOLDER = "folder", _("folder")


class Receipts(VisibleQuerySet["Receipt"]):
    """Arrivals."""

    unrouted = True


class Receipt(models.Model):
    """One arrival: a mail, a Peppol message, an upload."""

    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    received_at = models.DateTimeField(_("received at"))
    sender = models.CharField(_("from"), max_length=255, blank=True)
    subject = models.CharField(_("subject"), max_length=255, blank=True)
    administration = models.ForeignKey(
        Administration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="receipts",
        verbose_name=_("administration"),
        help_text=_("Filled when the way in already said which administration it is for."),
    )
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="receipts", verbose_name=_("by"))

    objects = Receipts.as_manager()

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        indexes: ClassVar = [models.Index(fields=["-received_at"], name="receipt_newest")]

    def __str__(self) -> str:
        return self.subject or f"{self.get_channel_display()} {self.pk}"


class PartOutcome(models.TextChoices):
    """What became of a part: exactly one of these, `received` only until it was read."""

    RECEIVED = "received", _("received")
    DOCUMENT = "document", _("document")
    ATTACHMENT = "attachment", _("attachment")
    DUPLICATE = "duplicate", _("duplicate")
    IGNORED = "ignored", _("not ours or junk")
    REJECTED = "rejected", _("rejected")


class Parts(VisibleQuerySet["Part"]):
    """Things inside receipts, seen by whoever sees the document that came of them."""

    administration_path = "administration"
    unrouted = True

    def unread(self) -> Self:
        """Return the parts that nobody has read yet, oldest first."""
        return self.filter(outcome=PartOutcome.RECEIVED).order_by("pk")


class Part(models.Model):
    """One thing inside a receipt: a file. `administration` is where reading routed it."""

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="parts", verbose_name=_("receipt"))
    original = models.ForeignKey(Original, models.PROTECT, related_name="parts", verbose_name=_("original"))
    administration = models.ForeignKey(
        Administration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("administration"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    filename = models.CharField(_("file name"), max_length=255)
    outcome = models.CharField(
        _("outcome"), max_length=12, choices=PartOutcome.choices, default=PartOutcome.RECEIVED
    )
    reason = models.TextField(_("reason"), blank=True, default="")
    format = models.CharField(_("format"), max_length=60, blank=True, default="")
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="duplicates", verbose_name=_("duplicate of")
    )

    objects = Parts.as_manager()

    class Meta:
        verbose_name = _("part")
        verbose_name_plural = _("parts")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="duplicate_names_its_original",
                condition=Q(outcome=PartOutcome.DUPLICATE, duplicate_of__isnull=False)
                | (~Q(outcome=PartOutcome.DUPLICATE) & Q(duplicate_of__isnull=True)),
            ),
            models.CheckConstraint(
                name="rejected_part_has_reason", condition=~Q(outcome=PartOutcome.REJECTED) | ~Q(reason="")
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["outcome"], name="part_outcome"),
            models.Index(fields=["original", "administration"], name="part_original"),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def format_name(self) -> str:
        """The format by the name that people know it by, "" before it was read."""
        known = {each.value: each.known_as for each in Format}
        return known.get(self.format, self.format)

    def settle(self, outcome: str, **values: Any) -> bool:
        """Give an unread part its outcome, once; False when somebody else already did."""
        hit = Part.objects.filter(pk=self.pk, outcome=PartOutcome.RECEIVED).update(outcome=outcome, **values)
        if hit:
            for name, value in {"outcome": outcome, **values}.items():
                setattr(self, name, value)
        return hit == 1
