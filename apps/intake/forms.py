"""Forms of what comes in by hand."""

from secrets import token_hex
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.clients.models import Administration
from apps.intake import folder_place, uploading
from apps.intake.folder_place import Misplaced
from apps.intake.models import Folder
from apps.intake.uploading import File, Refusal


def _new_mark() -> str:
    return token_hex(16)


class SeveralFilesInput(forms.ClearableFileInput):
    """A file input that takes several files at once."""

    allow_multiple_selected = True


class SeveralFiles(forms.FileField):
    """Several uploaded files: those to take in, and those that are refused with their reasons."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> tuple[list[File], list[Refusal]]:
        """Return both. Raises ValidationError when there is none to take in, with the reason of each."""
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            raise forms.ValidationError(self.error_messages["required"])
        taken, refused = uploading.sorted_out(files)
        if not taken:
            raise forms.ValidationError([_refused(one) for one in refused])
        return taken, refused


def _refused(refusal: Refusal) -> forms.ValidationError:
    words = {"name": refusal.name, "reason": refusal.reason}
    return forms.ValidationError(_("“%(name)s” was refused: %(reason)s."), params=words)


class UploadForm(forms.Form):
    """Files, and for whom they are when the documents do not say so themselves."""

    documents = SeveralFiles(label=_("Files"))
    mark = forms.RegexField(r"^[0-9a-f]{32}$", required=False, initial=_new_mark, widget=forms.HiddenInput)
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


class FolderForm(forms.ModelForm[Folder]):
    """A folder, which is made on the disk when the form is right; nothing happens where it is there already."""

    class Meta:
        model = Folder
        fields = ("administration", "path", "is_open")

    def clean_path(self) -> str:
        """Return the path as it is stored. Raises ValidationError for one that leads elsewhere."""
        try:
            return folder_place.checked(self.cleaned_data["path"])
        except Misplaced as error:
            raise forms.ValidationError(error.reason) from error

    def clean(self) -> dict[str, Any]:
        """Make the folder. Raises ValidationError when it cannot be made or reached."""
        values = super().clean() or {}
        path = values.get("path") or self.instance.path
        if not self.errors and path:
            try:
                folder_place.prepare(settings.FOLDERS_ROOT, path)
            except Misplaced as error:
                raise forms.ValidationError(error.reason) from error
        return values
