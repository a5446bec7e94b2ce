"""Addresses of the sign-in at Exact, and the one that Exact calls."""

from django.urls import path

from apps.exact import choosing_views, connecting_views, hook_views, share_views, views

app_name = "exact"
urlpatterns = [
    path("connect/", views.connect, name="connect"),
    path("callback/", views.callback, name="callback"),
    path("divisions/choose/", choosing_views.choose, name="choose"),
    path("divisions/connecting/", connecting_views.connecting, name="connecting"),
    path("share/<str:token>/", share_views.share, name="share"),
    path("webhook/<int:app_id>/", hook_views.webhook, name="webhook"),
]
