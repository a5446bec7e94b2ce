"""The lists about what runs by itself and what does not: vendors, and questions to clients."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core.admin import (
    ChoiceFilter,
    DropdownFilter,
    ReadOnly,
    ReadOnlyAdmin,
    RememberedAdmin,
    VisibleFilter,
)
from apps.invoices import autonomy, autonomy_views, client_questions, question_views, views
from apps.invoices.autonomy import StepRefused
from apps.invoices.models import Autonomy, ClientQuestion
from apps.invoices.reviewing import Refused


@admin.register(Autonomy)
class AutonomyAdmin(ReadOnly, RememberedAdmin):
    """How far each vendor runs by itself, with the steps that change it."""

    list_display = ("supplier_name", "administration", "level", "in_a_row", "up_to", "why", "since")
    list_filter = (("administration", VisibleFilter), ("level", ChoiceFilter), ("held", ChoiceFilter))
    list_select_related = ("administration",)
    search_fields = ("supplier_name",)
    ordering = ("-changed_at",)
    actions = ("switch_on", "switch_off", "start_again")

    def may_act(self, request: HttpRequest) -> bool:
        """Tell whether somebody may switch; the fields themselves are never edited."""
        return bool(request.user.has_perm("invoices.change_autonomy"))

    has_switch_permission = may_act

    @admin.display(description=_("In a row"), ordering="untouched")
    def in_a_row(self, row: Autonomy) -> int:
        """How many bookings in a row no person had to change."""
        return row.untouched

    @admin.display(description=_("since"), ordering="changed_at")
    def since(self, row: Autonomy) -> str:
        """The day from which it stands so."""
        return _day(row.changed_at)

    def get_urls(self) -> list[URLPattern]:
        """Return the pages: also the steps of a vendor."""
        wrap, mine = self.admin_site.admin_view, {"model_admin": self}
        step = path(
            "<path:object_id>/step/<slug:verb>/",
            wrap(autonomy_views.step),
            mine,
            name="invoices_autonomy_step",
        )
        return [step, *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show one vendor."""
        return autonomy_views.vendor(request, self, object_id)

    @admin.action(description=_("Switch automatic booking on"), permissions=["switch"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[Autonomy]) -> None:
        """Let the selected run by themselves, where they earned it, each up to the amount that its page proposes."""
        self._each(request, queryset, autonomy.switch_on_as_proposed)

    @admin.action(description=_("Switch automatic booking off"), permissions=["switch"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Autonomy]) -> None:
        """Have a person accept the documents of the selected."""
        self._each(request, queryset, autonomy.switch_off)

    @admin.action(description=_("Back to proposing, from the beginning"), permissions=["switch"])
    def start_again(self, request: HttpRequest, queryset: QuerySet[Autonomy]) -> None:
        """Have the selected earn it again."""
        self._each(request, queryset, autonomy.start_again)

    def _each(self, request: HttpRequest, queryset: QuerySet[Autonomy], step: Any) -> None:
        done = 0
        for row in queryset:
            try:
                step(row, by=views.person(request))
                done += 1
            except StepRefused as refusal:
                self.message_user(request, f"{row.supplier_name}: {refusal}", messages.WARNING)
        if done:
            text = ngettext("Done with %(count)d vendor.", "Done with %(count)d vendors.", done)
            self.message_user(request, text % {"count": done}, messages.SUCCESS)


class StandingFilter(DropdownFilter):
    """Whether a question waits for its answer; nothing chosen means those that do."""

    title = _("questions")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return what can be chosen besides the open ones."""
        return [("open", _("open")), ("answered", _("answered")), ("all", _("All"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ClientQuestion]) -> QuerySet[ClientQuestion]:
        """Return the questions of the choice."""
        if self.value() == "all":
            return queryset
        if self.value() == "answered":
            return queryset.filter(answered_at__isnull=False)
        return queryset.filter(answered_at=None, closed_at=None)


@admin.register(ClientQuestion)
class ClientQuestionAdmin(ReadOnlyAdmin):
    """Questions to clients, the oldest first."""

    list_display = ("invoice", "administration", "text", "asked", "sent", "answer")
    list_filter = (StandingFilter, ("invoice__administration", VisibleFilter))
    list_select_related = ("invoice__administration",)
    search_fields = ("text", "answer", "invoice__vendor_name", "invoice__number")
    ordering = ("asked_at",)
    actions = ("send_again",)

    def may_act(self, request: HttpRequest) -> bool:
        """Tell whether somebody may fill in an answer."""
        return bool(request.user.has_perm("invoices.change_clientquestion"))

    has_answer_permission = may_act

    def get_urls(self) -> list[URLPattern]:
        """Return the pages: also the one that takes an answer."""
        answer = path(
            "<path:object_id>/answer/",
            self.admin_site.admin_view(question_views.fill_in),
            {"model_admin": self},
            name="invoices_clientquestion_answer",
        )
        again = path(
            "<path:object_id>/again/",
            self.admin_site.admin_view(question_views.send_again),
            {"model_admin": self},
            name="invoices_clientquestion_again",
        )
        return [answer, again, *super().get_urls()]

    @admin.action(description=_("Send again"), permissions=["answer"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[ClientQuestion]) -> None:
        """Mail the selected once more, each with a new link."""
        sent = 0
        for asked in queryset.select_related("invoice__administration__client"):
            try:
                client_questions.send_again(asked)
                sent += 1
            except Refused as refusal:
                self.message_user(request, f"{asked.invoice}: {refusal}", messages.WARNING)
        if sent:
            text = ngettext("%(count)d question is sent again.", "%(count)d questions are sent again.", sent)
            self.message_user(request, text % {"count": sent}, messages.SUCCESS)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show one question."""
        return question_views.question(request, self, object_id)

    @admin.display(description=_("asked at"), ordering="asked_at")
    def asked(self, asked: ClientQuestion) -> str:
        """The day on which it was asked."""
        return _day(asked.asked_at)

    @admin.display(description=_("sent"))
    def sent(self, asked: ClientQuestion) -> str:
        """To whom it was sent and when, or why it was not."""
        if asked.sent_at is not None:
            return f"{asked.to} {_day(asked.sent_at)}"
        return asked.trouble or asked.to or "-"

    @admin.display(description=_("administration"))
    def administration(self, asked: ClientQuestion) -> str:
        """Whose books it is about."""
        return str(asked.invoice.administration)


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATE_FORMAT")
