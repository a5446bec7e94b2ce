"""A table as a file that goes out, and as one that comes in."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from django import forms
from django.http import FileResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import clock
from apps.core.tables import sheets
from apps.core.tables.reading import MOST_BYTES

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download(rows: Iterable[Sequence[str]], form: str, *, title: str) -> FileResponse:
    """Return `rows` as a file of `form`, "csv" or "xlsx", called by `title` and the day."""
    content = sheets.csv_of(rows) if form == "csv" else sheets.xlsx_of(rows, title=title)
    name = f"{title}-{clock.today():%Y-%m-%d}.{form}"
    response = FileResponse(BytesIO(content), as_attachment=True, filename=name, content_type=TYPES[form])
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


class ListForm(forms.Form):
    """A list as a file."""

    document = forms.FileField(label=gettext_lazy("List"), allow_empty_file=False)

    def clean_document(self) -> Any:
        """Return the file. Raises ValidationError for one that is too large to be read at all."""
        document = self.cleaned_data["document"]
        if document.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB. Split it into several files."))
        return document
