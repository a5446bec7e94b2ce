"""The countries that Exact Online is in. Pure."""

from django.utils.translation import gettext_lazy as _

# Each country is an installation of its own, with its own registrations and data (Exact facts 1.1).
HOSTS = {
    "NL": "https://start.exactonline.nl",
    "BE": "https://start.exactonline.be",
    "DE": "https://start.exactonline.de",
    "FR": "https://start.exactonline.fr",
    "ES": "https://start.exactonline.es",
    "GB": "https://start.exactonline.co.uk",
    "US": "https://start.exactonline.com",
}
COUNTRIES = {
    "NL": _("Netherlands"),
    "BE": _("Belgium"),
    "DE": _("Germany"),
    "FR": _("France"),
    "ES": _("Spain"),
    "GB": _("United Kingdom"),
    "US": _("United States and the rest of the world"),
}
