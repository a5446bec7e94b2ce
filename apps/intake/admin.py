"""Receipts: everything that came in, and what became of each part."""

from collections import Counter
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from apps.core.addresses import key_in
from apps.core.admin import ChoiceFilter, ReadOnlyAdmin, VisibleFilter, display
from apps.intake import views
from apps.intake.models import Part, PartOutcome, Receipt


@admin.register(Receipt)
class ReceiptAdmin(ReadOnlyAdmin):
    """Arrivals, newest first."""

    list_display = ("arrival", "channel", "administration", "documents", "outcomes", "received_at")
    list_filter = (("channel", ChoiceFilter), ("administration", VisibleFilter))
    list_select_related = ("administration", "user")
    search_fields = ("subject", "sender", "parts__filename")
    ordering = ("-pk",)
    change_form_template = "admin/intake/receipt/detail.html"

    def has_upload_permission(self, request: HttpRequest) -> bool:
        """Tell whether somebody may bring files in."""
        return bool(request.user.has_perm("intake.add_receipt"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Receipt]:
        """Return the receipts; the parts of one page are loaded together."""
        return super().get_queryset(request).prefetch_related("parts")

    def get_urls(self) -> list[URLPattern]:
        """Return the pages: also upload and the files themselves."""
        wrap = self.admin_site.admin_view
        own = [
            path("upload/", wrap(views.upload), {"model_admin": self}, name="intake_receipt_upload"),
            path("part/<int:part_id>/original/", wrap(views.original), name="intake_part_original"),
            path(
                "part/<int:part_id>/attachment/<int:position>/",
                wrap(views.attachment),
                name="intake_part_attachment",
            ),
        ]
        return own + list(super().get_urls())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show one arrival with its parts and what became of each."""
        parts = Part.objects.filter(receipt_id=key_in(object_id)).visible_to(request.user)
        rows = list(parts.select_related("administration", "original", "duplicate_of").order_by("position"))
        unread = sum(part.outcome == PartOutcome.RECEIVED for part in rows)
        context = {"parts": rows, "unread": unread, "read": len(rows) - unread, **(extra_context or {})}
        page: HttpResponse = super().change_view(request, str(key_in(object_id)), form_url, context)
        return page

    @display(description=_("receipt"), header=True)
    def arrival(self, receipt: Receipt) -> list[str]:
        """What it is called and who sent it."""
        return [str(receipt), receipt.sender]

    @admin.display(description=_("parts"))
    def documents(self, receipt: Any) -> int:
        """How many parts it has."""
        return len(receipt.parts.all())

    @admin.display(description=_("what became of it"))
    def outcomes(self, receipt: Any) -> str:
        """The outcomes of its parts, counted."""
        counts = Counter(part.outcome for part in receipt.parts.all())
        return ", ".join(
            f"{counts[outcome]} {label}" for outcome, label in PartOutcome.choices if counts[outcome]
        )
