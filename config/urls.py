"""Addresses: the admin at the root, sign-in, the Exact sign-in round trip, health, and the sandbox."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from apps.core.views import health

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    *([path("sandbox/", include("apps.sandbox.urls"))] if settings.SANDBOX else []),
    path("health/", health, name="health"),
    path("exact/", include("apps.exact.urls")),
    path("questions/", include("apps.invoices.urls")),
    path("econnect/", include("apps.econnect.urls")),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("reports/", include("apps.reports.urls")),
    path("", admin.site.urls),
]
