"""The address that eConnect calls."""

from django.urls import path

from apps.econnect import hook_views

app_name = "econnect"
urlpatterns = [path("hook/<int:account_id>/", hook_views.hook, name="hook")]
