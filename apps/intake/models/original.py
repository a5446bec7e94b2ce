"""The bytes as received."""

from django.core.files.storage import storages
from django.db import models
from django.utils.translation import gettext_lazy as _


class Original(models.Model):
    """The bytes as received, once per content. `content_name` is the place in the `originals` storage."""

    sha256 = models.CharField("SHA-256", max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    content_name = models.CharField(max_length=200)
    received_at = models.DateTimeField(_("received at"))
    virus = models.CharField(
        _("virus"), max_length=100, blank=True, default="", help_text=_("Named by the virus scanner.")
    )
    scanned_at = models.DateTimeField(_("scanned at"), null=True)

    class Meta:
        verbose_name = _("original")
        verbose_name_plural = _("originals")

    def __str__(self) -> str:
        return self.sha256[:12]

    def content(self) -> bytes:
        """Return the bytes, exactly as they came in. Raises FileNotFoundError when the storage lost them."""
        with storages["originals"].open(self.content_name) as file:
            return bytes(file.read())
