"""Addresses of the sign-in at Exact, and the one that Exact calls."""

from django.urls import path

from apps.exact import hook_views, views

app_name = "exact"
urlpatterns = [
    path("connect/", views.connect, name="connect"),
    path("callback/", views.callback, name="callback"),
    path("webhook/<int:app_id>/", hook_views.webhook, name="webhook"),
]
