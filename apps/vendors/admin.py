"""What we remember of vendors."""

from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.core.admin import ChoiceFilter, ReadOnly, RememberedAdmin, VisibleFilter
from apps.vendors.iban_cases import OPEN
from apps.vendors.iban_words import grouped
from apps.vendors.models import CaseState, IBANCase, Mapping

CHIPS = {CaseState.ACCEPTED: "good", CaseState.REJECTED: "poor"}


@admin.register(Mapping)
class MappingAdmin(RememberedAdmin):
    """This identity is that supplier, in this administration. Made in the queue; forgotten here."""

    deletable = True
    list_display = ("value", "kind", "supplier_name", "administration", "learned_from", "learned_at")
    list_filter = (("administration", VisibleFilter),)
    list_select_related = ("administration", "learned_from")
    search_fields = ("value", "supplier_name")
    ordering = ("-learned_at",)
    fields = (("kind", "value"), "supplier_name", "administration", ("learned_from", "learned_at"))
    readonly_fields = ("kind", "value", "supplier_name", "administration", "learned_from", "learned_at")


class IBANCaseList(ReadOnly, RememberedAdmin):
    """Accounts that are not on the card, those to decide first; moved only by the steps on the page of each.

    That page shows documents, so it stands a floor higher: there this list is registered.
    """

    list_display = ("supplier_name", "account", "administration", "standing", "called_by", "opened_at")
    list_filter = (("state", ChoiceFilter), ("administration", VisibleFilter))
    list_select_related = ("administration", "called_by")
    search_fields = ("supplier_name", "iban")
    ordering = (F("decided_at").desc(nulls_first=True), "opened_at")

    def may_act(self, request: HttpRequest) -> bool:
        """Tell whether somebody calls and decides; the fields themselves are never edited."""
        return bool(request.user.has_perm("vendors.change_ibancase"))

    @admin.display(description="IBAN", ordering="iban")
    def account(self, case: IBANCase) -> str:
        """The account in groups of four."""
        return format_html('<span class="pk-iban">{}</span>', grouped(case.iban))

    @admin.display(description=_("state"), ordering="state")
    def standing(self, case: IBANCase) -> str:
        """Where it stands, what waits for a person marked."""
        chip = "attention" if case.state in OPEN else CHIPS[CaseState(case.state)]
        return format_html('<b class="pk-chip pk-{}">{}</b>', chip, case.get_state_display())
