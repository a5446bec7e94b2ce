"""The outbox, to look at."""

from django.contrib import admin
from django.contrib.admin import EmptyFieldListFilter

from apps.core.admin import ChoiceFilter, ReadOnlyAdmin
from apps.posting.models import Posting


@admin.register(Posting)
class PostingAdmin(ReadOnlyAdmin):
    """Everything to write into Exact, with what was written already."""

    list_display = ("reference", "division", "method", "state", "attempts", "next_attempt_at", "exact_number")
    list_filter = (("state", ChoiceFilter), ("method", ChoiceFilter), ("left_behind", EmptyFieldListFilter))
    list_select_related = ("division",)
    search_fields = ("reference", "exact_number")
    ordering = ("-pk",)
    exclude = ("lease", "leased_until")
