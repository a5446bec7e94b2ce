"""Addresses of the simulated eConnect, below /sandbox/."""

from django.urls import path, re_path

from apps.sandbox.econnect import document_views, hook_views, identity_views, me_views

_API = "econnect/api/v1/"
_DOCUMENT = f"{_API}<str:party_id>/<str:family>/<str:document_id>"

urlpatterns = [
    path("econnect-identity/connect/token", identity_views.token),
    path("econnect-identity/.well-known/openid-configuration", identity_views.discovery),
    path(f"{_API}me", me_views.me),
    path(f"{_API}me/party", me_views.my_parties),
    path(f"{_API}hook", hook_views.hook_list),
    path(f"{_API}hook/<str:hook_id>", hook_views.one_hook),
    path(f"{_API}<str:party_id>/hook", hook_views.hook_list),
    path(f"{_API}<str:party_id>/hook/ping", hook_views.ping),
    path(f"{_API}<str:party_id>/hook/<str:hook_id>", hook_views.one_hook),
    path(_DOCUMENT, document_views.document),
    path(f"{_DOCUMENT}/download", document_views.download),
    path(f"{_DOCUMENT}/status", document_views.status),
    path(f"{_DOCUMENT}/response", document_views.response),
    re_path(r"^econnect(?:-identity)?/", me_views.nothing),
]
