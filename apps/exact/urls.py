"""Addresses of the sign-in at Exact."""

from django.urls import path

from apps.exact import views

app_name = "exact"
urlpatterns = [
    path("connect/", views.connect, name="connect"),
    path("callback/", views.callback, name="callback"),
]
