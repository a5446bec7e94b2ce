"""The app of eConnect, the firm's access point to Peppol."""

from django.apps import AppConfig


class EConnectConfig(AppConfig):
    """Registers eConnect."""

    name = "apps.econnect"
    label = "econnect"
    verbose_name = "eConnect"
