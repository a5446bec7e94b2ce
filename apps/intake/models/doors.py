"""The doors that the firm opens itself: mailboxes and folders, and whose mail is let in."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.core.fields import EncryptedTextField
from apps.core.models import Leased


class Door(Leased):
    """What every door has: whether it is open, what is wrong with it, and when it was looked at last."""

    is_open = models.BooleanField(_("open"), default=True)
    trouble = models.TextField(_("trouble"), blank=True, default="", editable=False)
    checked_at = models.DateTimeField(_("looked at"), null=True, editable=False)

    class Meta:
        abstract = True


class Security(models.TextChoices):
    """How the line to a mail server is kept private."""

    TLS = "tls", "TLS (993)"
    STARTTLS = "starttls", "STARTTLS (143)"
    NONE = "none", _("none (only on this machine)")


class Mailboxes(VisibleQuerySet["Mailbox"]):
    """Mailboxes that are read over IMAP."""

    unrouted = True


class Mailbox(Door):
    """A mailbox that is read over IMAP: of one administration, or of the firm with an address per administration.

    In a mailbox of the firm `post+<short name>@firm.nl` is the address of the administration with that short name.
    """

    address = models.EmailField(_("e-mail address"), unique=True)
    administration = models.ForeignKey(
        Administration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mailboxes",
        verbose_name=_("administration"),
        help_text=_("Leave open for a mailbox of the whole firm: post+short-name@ then says for whom."),
    )
    host = models.CharField(_("IMAP server"), max_length=200)
    port = models.PositiveIntegerField(_("port"), default=993)
    security = models.CharField(_("security"), max_length=10, choices=Security.choices, default=Security.TLS)
    username = models.CharField(_("user name"), max_length=200)
    password = EncryptedTextField(_("password"), blank=True, default="")
    inbox = models.CharField(_("folder to read"), max_length=100, default="INBOX")
    done_folder = models.CharField(_("folder for what was taken in"), max_length=100, default="Postkamer")
    failed_folder = models.CharField(
        _("folder for what is too large"), max_length=100, default="Postkamer-te-groot"
    )

    objects = Mailboxes.as_manager()
    history = HistoricalRecords(
        excluded_fields=["password", "lease", "leased_until", "checked_at", "trouble"]
    )

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")

    def __str__(self) -> str:
        return self.address


class AllowedSender(models.Model):
    """Whose mail an administration takes: an address, or all of a domain (`@firm.nl`). None: everybody's."""

    administration = models.ForeignKey(
        Administration, models.CASCADE, related_name="allowed_senders", verbose_name=_("administration")
    )
    pattern = models.CharField(
        _("sender"), max_length=254, help_text=_("An address, or @domain for everybody there.")
    )
    added_by = models.CharField(_("added by"), max_length=150, blank=True, default="", editable=False)

    objects = VisibleQuerySet["AllowedSender"].as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("allowed sender")
        verbose_name_plural = _("allowed senders")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["administration", "pattern"], name="sender_once")
        ]

    def __str__(self) -> str:
        return self.pattern


class Folders(VisibleQuerySet["Folder"]):
    """Folders that are looked into."""


class Folder(Door):
    """A folder below FOLDERS_ROOT that a scanner or a package writes files into, for one administration."""

    administration = models.ForeignKey(
        Administration, models.PROTECT, related_name="folders", verbose_name=_("administration")
    )
    path = models.CharField(
        _("folder"), max_length=200, help_text=_("Below the folder that FOLDERS_ROOT names.")
    )
    waiting = models.PositiveIntegerField(_("files that wait"), default=0, editable=False)

    objects = Folders.as_manager()
    history = HistoricalRecords(excluded_fields=["lease", "leased_until", "checked_at", "trouble", "waiting"])

    class Meta:
        verbose_name = _("folder")
        verbose_name_plural = _("folders")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["path"], name="folder_once"),
            models.CheckConstraint(name="folder_has_a_path", condition=~Q(path="")),
        ]

    def __str__(self) -> str:
        return self.path
