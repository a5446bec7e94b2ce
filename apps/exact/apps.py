from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExactConfig(AppConfig):
    name = "apps.exact"
    label = "exact"
    verbose_name = _("Exact Online")
