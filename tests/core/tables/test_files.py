"""A table as a file that goes out."""

import pytest

from apps.core import clock
from apps.core.tables import files, reading

pytestmark = pytest.mark.django_db  # the clock of the sandbox


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_table_goes_out_as_a_file_that_can_be_read_again(form: str) -> None:
    answer = files.download([["a", "b"], ["=1", "2"]], form, title="rules")
    content = answer.getvalue()
    assert reading.read(content) == [(1, ["a", "b"]), (2, ["=1", "2"])]
    assert answer["Content-Disposition"] == f'attachment; filename="rules-{clock.today():%Y-%m-%d}.{form}"'
    assert answer["Cache-Control"] == "private, no-store"
