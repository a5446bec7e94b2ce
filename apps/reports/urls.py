"""Addresses of the reports."""

from django.contrib import admin
from django.urls import path

from apps.reports import views

app_name = "reports"

urlpatterns = [
    path("", admin.site.admin_view(views.clients), name="clients"),
    path("<slug:slug>/", admin.site.admin_view(views.client), name="client"),
]
