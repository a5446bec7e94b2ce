"""Registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ItemsConfig(AppConfig):
    """Which item of Exact a line of a document means."""

    name = "apps.items"
    verbose_name = _("Items")
