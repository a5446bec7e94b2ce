"""Switches of the simulated eConnect: what arrives, parties and users, hooks, notices, answers, mails."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from apps.core import clock
from apps.sandbox.admin.permission import SandboxAdmin
from apps.sandbox.direct import DATABASE
from apps.sandbox.econnect import network, switches
from apps.sandbox.models import (
    EconnectDocument,
    EconnectHook,
    EconnectMail,
    EconnectNotice,
    EconnectParty,
    EconnectResponse,
    EconnectSwitches,
    EconnectUser,
)

SHOWN_BYTES = 2_000  # of a mail: its text, and where the document begins


class EconnectAdmin(SandboxAdmin):
    """Rows of eConnect; the first look fills it with the firm's parties."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the list."""
        switches.current()
        page: HttpResponse = super().changelist_view(request, extra_context)
        return page


class TrafficAdmin(EconnectAdmin):
    """What only the sandbox itself writes."""

    addable = False
    changeable = False
    deletable = False


@admin.register(EconnectSwitches)
class EconnectSwitchesAdmin(EconnectAdmin):
    """Where eConnect's pages contradict each other, how long it keeps, and its bad habits."""

    addable = False
    deletable = False
    list_display = ("__str__", "hook_verb", "format_parameter", "keeps_days", "keeps_days_after_download")


@admin.register(EconnectUser)
class EconnectUserAdmin(EconnectAdmin):
    """End customers with a token of their own."""

    list_display = ("username", "password")


@admin.register(EconnectParty)
class EconnectPartyAdmin(EconnectAdmin):
    """Participants, whose they are, and what may be done for them."""

    list_display = (
        *("party_id", "name", "user", "can_receive_document", "can_remove_document"),
        *("can_change_document_status", "can_manage_hook"),
    )
    list_select_related = ("user",)
    ordering = ("pk",)


@admin.register(EconnectHook)
class EconnectHookAdmin(TrafficAdmin):
    """Who is told of what."""

    deletable = True
    list_display = ("hook_id", "party", "action", "topics", "is_active", "changed_at")
    list_select_related = ("party",)
    ordering = ("pk",)


class ArrivalForm(forms.ModelForm[EconnectDocument]):
    """A file that arrives as a Peppol message. What is left open of sender and number is read from it."""

    file = forms.FileField(label=_("file"))

    class Meta:
        model = EconnectDocument
        fields = ("family", "party", "file", "sender", "number")


@admin.register(EconnectDocument)
class EconnectDocumentAdmin(EconnectAdmin):
    """Documents, to let one arrive and to see what became of it."""

    changeable = False
    deletable = False
    list_display = (
        *("__str__", "party", "sender", "family", "came_at"),
        *("first_downloaded_at", "removed_at", "document_id"),
    )
    list_select_related = ("party",)
    list_filter = ("family",)
    search_fields = ("document_id", "number", "sender")
    ordering = ("-pk",)
    actions = ("tell_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[EconnectDocument]:
        """Return the documents without their bytes."""
        return super().get_queryset(request).defer("content")

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Return the form of an arrival; a document itself is only looked at."""
        return super().get_form(request, obj, **kwargs if obj else {**kwargs, "form": ArrivalForm})

    def save_model(self, request: HttpRequest, obj: EconnectDocument, form: Any, change: bool) -> None:
        """Let the file arrive; its hooks are called when it is kept."""
        document_id = network.send(
            obj.party.party_id,
            form.cleaned_data["file"].read(),
            family=obj.family,
            sender=obj.sender,
            number=obj.number,
        )
        obj.pk, obj.document_id = network.document(document_id).pk, document_id
        _deliver()

    @admin.action(description=_("Call the hooks again"))
    def tell_again(self, request: HttpRequest, documents: QuerySet[EconnectDocument]) -> None:
        """Tell once more of what is selected."""
        for document in documents:
            network.tell_again(document.document_id)
        _deliver()


@admin.register(EconnectNotice)
class EconnectNoticeAdmin(TrafficAdmin):
    """What hooks were told and are to be told."""

    list_display = ("topic", "hook", "about", "due_at", "attempts", "status", "mishap", "done")
    list_filter = ("done", "topic")
    list_select_related = ("hook",)
    ordering = ("-pk",)
    actions = ("call_now",)

    @admin.display(description=_("document id"))
    def about(self, notice: EconnectNotice) -> str:
        """Which document it is about."""
        return str(notice.event.get("documentId", ""))

    @admin.action(description=_("Call now, also what is lost"))
    def call_now(self, request: HttpRequest, notices: QuerySet[EconnectNotice]) -> None:
        """Call the hooks with what is selected, whenever it was due."""
        notices.update(due_at=clock.now(), done=False)
        _deliver()


@admin.register(EconnectResponse)
class EconnectResponseAdmin(TrafficAdmin):
    """What senders were told."""

    list_display = ("document", "status", "reasons", "note", "at")
    list_select_related = ("document",)
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[EconnectResponse]:
        """Return the answers without the bytes of what they are about."""
        return super().get_queryset(request).defer("document__content")


@admin.register(EconnectMail)
class EconnectMailAdmin(TrafficAdmin):
    """Mails of mail hooks."""

    list_display = ("to", "at")
    fields = ("to", "at", "text")
    readonly_fields = ("text",)
    ordering = ("-pk",)

    @admin.display(description=_("message"))
    def text(self, mail: EconnectMail) -> str:
        """The mail as it goes over the line: its first part."""
        return bytes(mail.message)[:SHOWN_BYTES].decode(errors="replace")


def _deliver() -> None:
    """Call the hooks once what is told is kept: never inside a transaction."""
    transaction.on_commit(_call_hooks, using=DATABASE)


def _call_hooks() -> None:
    network.deliver_due()
