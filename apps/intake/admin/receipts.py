"""Receipts: everything that came in, and what became of each part."""

from collections import Counter
from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from apps.core.addresses import key_in
from apps.core.admin import ChoiceFilter, ReadOnlyAdmin, VisibleFilter, display
from apps.intake import answer_views, books_views, door_views, scanning, upload_views, views
from apps.intake.models import Hold, Part, PartOutcome, Receipt
from apps.intake.senders import address_of


@admin.register(Receipt)
class ReceiptAdmin(ReadOnlyAdmin):
    """Arrivals, newest first."""

    list_display = ("arrival", "channel", "administration", "documents", "outcomes", "received_at")
    list_filter = (("channel", ChoiceFilter), ("administration", VisibleFilter), ("hold", ChoiceFilter))
    list_select_related = ("administration", "user")
    search_fields = ("subject", "sender")
    ordering = ("-pk",)
    change_form_template = "admin/intake/receipt/detail.html"

    def has_upload_permission(self, request: HttpRequest) -> bool:
        """Tell whether somebody may bring files in."""
        return bool(request.user.has_perm("intake.add_receipt"))

    def may_decide(self, request: HttpRequest, receipt: Receipt) -> bool:
        """Tell whether somebody may let a waiting mail in, or turn it away: who sees all of it."""
        return request.user.has_perm("intake.change_receipt") and receipt.is_seen_whole_by(request.user)

    def may_list_senders(self, request: HttpRequest) -> bool:
        """Tell whether somebody may put senders on the list of an administration."""
        return bool(request.user.has_perm("intake.add_allowedsender"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Receipt], search_term: str
    ) -> tuple[QuerySet[Receipt], bool]:
        """Search also the names of files, of those that this person sees."""
        found, doubles = super().get_search_results(request, queryset, search_term)
        if not search_term:
            return found, doubles
        named = Part.objects.visible_to(request.user).filter(filename__icontains=search_term)
        return found | queryset.filter(pk__in=named.values("receipt")), doubles

    def get_queryset(self, request: HttpRequest) -> QuerySet[Receipt]:
        """Return the receipts; the parts of one page that this person sees are loaded together."""
        seen = Part.objects.visible_to(request.user)
        shown = Prefetch("parts", seen, to_attr="seen_parts")
        return super().get_queryset(request).prefetch_related(shown)

    def get_urls(self) -> list[URLPattern]:
        """Return the pages: also upload and the files themselves."""
        wrap = self.admin_site.admin_view
        own = [
            path("books/", wrap(books_views.books), {"model_admin": self}, name="intake_receipt_books"),
            path(
                "silence/<int:key>/known/",
                wrap(books_views.silence_known),
                {"model_admin": self},
                name="intake_silence_known",
            ),
            path("upload/", wrap(upload_views.upload), {"model_admin": self}, name="intake_receipt_upload"),
            path("<int:object_id>/message/", wrap(views.message), name="intake_receipt_message"),
            path("part/<int:part_id>/original/", wrap(views.original), name="intake_part_original"),
            path(
                "part/<int:part_id>/attachment/<int:position>/",
                wrap(views.attachment),
                name="intake_part_attachment",
            ),
            path(
                "<int:object_id>/let-in/",
                wrap(door_views.let_in),
                {"model_admin": self},
                name="intake_receipt_let_in",
            ),
            path(
                "<int:object_id>/turn-away/",
                wrap(door_views.turn_away),
                {"model_admin": self},
                name="intake_receipt_turn_away",
            ),
            path(
                "part/<int:part_id>/answer/",
                wrap(answer_views.answer),
                {"model_admin": self},
                name="intake_part_answer",
            ),
        ]
        return own + list(super().get_urls())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show one arrival with its parts and what became of each."""
        parts = Part.objects.filter(receipt_id=key_in(object_id)).visible_to(request.user)
        parts = parts.select_related("administration", "original", "duplicate_of", "attached_to")
        rows = list(parts.prefetch_related("offerings").order_by("position"))
        unread = sum(part.outcome == PartOutcome.RECEIVED for part in rows)
        context = {
            "parts": rows,
            "unread": unread,
            "read": len(rows) - unread,
            "documents": [part for part in rows if part.outcome == PartOutcome.DOCUMENT],
            "may_act": request.user.has_perm("intake.add_receipt"),
            "scanner": scanning.trouble(),
            **self._waiting(request, object_id),
            **(extra_context or {}),
        }
        page: HttpResponse = super().change_view(request, str(key_in(object_id)), form_url, context)
        return page

    def _waiting(self, request: HttpRequest, object_id: str) -> dict[str, Any]:
        """Return what the band of a mail that waits for its sender shows, nothing for others."""
        receipt = self.get_queryset(request).filter(pk=key_in(object_id), hold=Hold.SENDER).first()
        if receipt is None:
            return {}
        listable = bool(receipt.administration_id and address_of(receipt))
        return {
            "held": receipt,
            "unread": 0,  # nothing is under way
            "may_decide": self.may_decide(request, receipt),
            "may_always": listable and self.may_list_senders(request),
        }

    @display(description=_("receipt"), header=True)
    def arrival(self, receipt: Receipt) -> list[str]:
        """What it is called and who sent it."""
        return [str(receipt), receipt.sender]

    @admin.display(description=_("parts"))
    def documents(self, receipt: Any) -> int:
        """How many parts it has."""
        return len(receipt.seen_parts)

    @admin.display(description=_("what became of it"))
    def outcomes(self, receipt: Any) -> str:
        """The outcomes of its parts, counted."""
        counts = Counter(part.outcome for part in receipt.seen_parts)
        return ", ".join(
            f"{counts[outcome]} {label}" for outcome, label in PartOutcome.choices if counts[outcome]
        )
