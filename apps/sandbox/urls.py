"""Addresses of the sandbox, below /sandbox/."""

from django.urls import include, path, re_path

from apps.sandbox import pages
from apps.sandbox.exact import oauth_views, views

urlpatterns = [
    path("", pages.index, name="sandbox"),
    path("exact/api/oauth2/auth", oauth_views.authorize),
    path("exact/api/oauth2/token", oauth_views.token),
    path("exact/api/v1/current/Me", views.me),
    re_path(r"^exact/api/v1/(?P<division>\d{1,9})/(?P<path>.+)$", views.data),
    path("exact/docs/SysAttachment.aspx", views.attachment),
    path("", include("apps.sandbox.econnect.urls")),
]
