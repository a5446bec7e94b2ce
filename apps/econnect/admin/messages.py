"""Documents at eConnect, how far each is on its way to us, and what their senders were answered."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from apps.core import clock
from apps.core.admin import ChoiceFilter, ReadOnlyAdmin, VisibleFilter
from apps.econnect import alarms, answering, fetching
from apps.econnect.models import Answer, Inbound, Stage
from apps.econnect.retention import is_near

_LEVELS = {Stage.KNOWN: "fair", Stage.KEPT: "good", Stage.REMOVED: "good", Stage.FAILED: "poor"}


@admin.register(Inbound)
class InboundAdmin(ReadOnlyAdmin):
    """Peppol messages, newest first."""

    list_display = ("__str__", "sender", "books", "state", "kept_there", "words", "announced_at")
    list_filter = (("stage", ChoiceFilter), ("family", ChoiceFilter), ("party", VisibleFilter))
    list_select_related = ("party__administration",)
    search_fields = ("document_id", "number", "sender")
    ordering = ("-pk",)
    actions = ("try_again",)
    fields = (
        ("party", "family"),
        ("number", "sender"),
        ("document_id", "told_by"),
        ("announced_at", "first_fetched_at"),
        ("kept_at", "removed_at"),
        "sha256",
        ("attempts", "next_attempt_at"),
        ("trouble", "request_id"),
    )
    change_form_before_template = "admin/econnect/message.html"

    def has_try_permission(self, request: HttpRequest) -> bool:
        """Tell whether somebody may have a document fetched again."""
        return bool(request.user.has_perm("econnect.change_inbound"))

    def get_urls(self) -> list[URLPattern]:
        """Return the pages: also the button that tries again."""
        view = self.admin_site.admin_view(self.try_view)
        return [path("<int:key>/try/", view, name="econnect_inbound_try"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show one message: how far it is, until when eConnect keeps it, and what its sender was told."""
        inbound = self.get_object(request, object_id)
        context = {"inbound": inbound, **(extra_context or {})}
        if inbound:
            end = _end(inbound)
            context |= {
                "level": _LEVELS[Stage(inbound.stage)],
                "ends_at": end if inbound.stage != Stage.REMOVED else None,
                "is_alarming": _is_alarming(inbound),
                "given": inbound.answers.order_by("pk"),
                "can_try": self.has_try_permission(request) and inbound.stage != Stage.REMOVED,
            }
        page: HttpResponse = super().change_view(request, object_id, form_url, context)
        return page

    def try_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Ask a worker to go on with one document now."""
        if request.method != "POST" or not self.has_try_permission(request):
            raise PermissionDenied
        fetching.try_again(get_object_or_404(self.get_queryset(request), pk=key))
        messages.success(request, _("It is tried now; look again in a minute."))
        return redirect("admin:econnect_inbound_change", key)

    @admin.action(description=_("Try again"), permissions=["try"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Inbound]) -> None:
        """Ask a worker to go on with these documents now."""
        chosen = list(queryset.exclude(stage=Stage.REMOVED))
        for inbound in chosen:
            fetching.try_again(inbound)
        words = _("%(count)d messages are tried now; look again in a minute.")
        self.message_user(request, words % {"count": len(chosen)}, messages.SUCCESS)

    @admin.display(description=_("administration"))
    def books(self, inbound: Inbound) -> str:
        """The administration of its party, or else the party."""
        return str(inbound.party.administration or inbound.party)

    @admin.display(description=_("trouble"))
    def words(self, inbound: Inbound) -> str:
        """How what is wrong begins."""
        return Truncator(inbound.trouble).chars(90) or "-"

    @admin.display(description=_("stage"), ordering="stage")
    def state(self, inbound: Inbound) -> str:
        """How far it is, as a word with its colour."""
        level = _LEVELS[Stage(inbound.stage)]
        return format_html('<span class="pk-chip pk-{}">{}</span>', level, inbound.get_stage_display())

    @admin.display(description=_("eConnect keeps it until"))
    def kept_there(self, inbound: Inbound) -> str:
        """The end of its term there, marked when it is near and we do not have it."""
        if inbound.stage == Stage.REMOVED:
            return "-"
        words = date_format(localtime(_end(inbound)), "SHORT_DATE_FORMAT")
        if not _is_alarming(inbound):
            return words
        return format_html('<span class="pk-chip pk-poor">{}</span>', words)


@admin.register(Answer)
class AnswerAdmin(ReadOnlyAdmin):
    """What senders were answered, newest first."""

    list_display = ("inbound", "status", "why", "who", "asked_at", "given_at", "trouble")
    list_filter = (("status", ChoiceFilter),)
    list_select_related = ("inbound",)
    search_fields = ("inbound__number", "inbound__document_id")
    ordering = ("-pk",)
    fields = ("inbound", "status", "why", "note", "who", "asked_at", "given_at", "attempts", "trouble")
    readonly_fields = ("why",)
    actions = ("send_again",)

    def has_send_permission(self, request: HttpRequest) -> bool:
        """Tell whether somebody may have a refused answer sent again."""
        return bool(request.user.has_perm("econnect.change_answer"))

    @admin.action(description=_("Send again"), permissions=["send"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Answer]) -> None:
        """Ask a worker to send what was refused, or waits."""
        count = answering.try_again(queryset)
        self.message_user(request, _("%(count)d answers are sent now.") % {"count": count}, messages.SUCCESS)

    @admin.display(description=_("reasons"))
    def why(self, answer: Answer) -> str:
        """The reasons with their codes."""
        return "; ".join(f"{code} {text}".strip() for code, text in answer.reasons.items()) or "-"


def _end(inbound: Inbound) -> Any:
    return alarms.retention().ends_at(inbound.announced_at, inbound.first_fetched_at)


def _is_alarming(inbound: Inbound) -> bool:
    return inbound.stage in (Stage.KNOWN, Stage.FAILED) and is_near(_end(inbound), clock.now())
