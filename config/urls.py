"""Addresses: the admin at the root, sign-in, the Exact sign-in round trip, health, and the sandbox."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    *([path("sandbox/", include("apps.sandbox.urls"))] if settings.SANDBOX else []),
    path("exact/", include("apps.exact.urls")),
    path("accounts/", include("allauth.urls")),
    path("", admin.site.urls),
]
