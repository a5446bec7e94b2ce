"""Answering the sender of a Peppol message from the part that came of it; `answering` decides what may be said."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.econnect import answering
from apps.econnect.models import AnswerStatus
from apps.intake import peppol
from apps.intake.models import Part

CHANGE = "invoices.change_invoice"


class AnswerForm(forms.Form):
    """What the sender is told, and why."""

    status = forms.ChoiceField(
        label=gettext_lazy("answer"), choices=AnswerStatus.choices, widget=forms.RadioSelect
    )
    codes = forms.MultipleChoiceField(
        label=gettext_lazy("reasons"), required=False, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(label=gettext_lazy("what is wrong, in words"), required=False, max_length=500)
    note = forms.CharField(
        label=gettext_lazy("note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(code, f"{code}: {text}") for code, text in answering.REASONS.items()]
        cast(forms.ChoiceField, self.fields["codes"]).choices = names

    def reasons(self) -> dict[str, str]:
        """Return the chosen codes, each with the words, or else with what the code stands for."""
        words = self.cleaned_data["words"].strip()
        return {code: words or str(answering.REASONS[code]) for code in self.cleaned_data["codes"]}


def answer(request: HttpRequest, model_admin: Any, part_id: int) -> HttpResponse:
    """Show what the sender of a part was told, and take an answer; a worker sends it."""
    if not request.user.has_perm("intake.view_part") or not request.user.has_perm(CHANGE):
        raise PermissionDenied
    parts = Part.objects.visible_to(request.user).select_related("receipt")
    part = get_object_or_404(parts, pk=part_id)
    inbound = peppol.inbound_of(part.receipt)
    if inbound is None:
        raise Http404(_("This did not come in by Peppol."))
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            answering.ask(
                inbound, said["status"], who=str(request.user), reasons=form.reasons(), note=said["note"]
            )
        except answering.AnswerRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The answer is on its way to the sender."))
            return redirect(request.path)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Answer to %(sender)s") % {"sender": inbound.sender or part.filename},
        "form": form,
        "part": part,
        "inbound": inbound,
        "given": inbound.answers.order_by("pk"),
        "is_over": answering.standing(inbound).filter(status=AnswerStatus.RE).exists(),
    }
    return TemplateResponse(request, "admin/intake/receipt/answer.html", context)
