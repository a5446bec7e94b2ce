"""Forms of what comes in by hand."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from apps.clients.models import Administration


class SeveralFilesInput(forms.ClearableFileInput):
    """A file input that takes several files at once."""

    allow_multiple_selected = True


class SeveralFiles(forms.FileField):
    """Several uploaded files; an empty one or one that is too large is refused by name."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """Return the files. Raises ValidationError for none, an empty or a too large one."""
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            raise forms.ValidationError(self.error_messages["required"])
        for file in files:
            super().clean(file, initial)
            if file.size > settings.MAX_UPLOAD_BYTES:
                raise forms.ValidationError(
                    _("%(name)s is larger than %(limit)s."),
                    params={"name": file.name, "limit": filesizeformat(settings.MAX_UPLOAD_BYTES)},
                )
        return list(files)


class UploadForm(forms.Form):
    """Files, and for whom they are when the documents do not say so themselves."""

    documents = SeveralFiles(label=_("Files"))
    administration = forms.ModelChoiceField(
        label=_("Administration"),
        queryset=Administration.objects.none(),
        required=False,
        empty_label=_("The document says which one"),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Who does not see documents without an administration says for whom theirs are.
        field = self.fields["administration"]
        field.required = not user.sees_unrouted
        if field.required:
            field.empty_label = _("Choose the administration of these documents")  # type: ignore[attr-defined]
        choices = Administration.objects.visible_to(user).select_related("client").order_by("name")
        field.queryset = choices  # type: ignore[attr-defined]
