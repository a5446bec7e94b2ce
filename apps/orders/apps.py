"""Registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    """Purchase orders and what is answered to them."""

    name = "apps.orders"
    verbose_name = _("Orders")
