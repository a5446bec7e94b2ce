"""What a person fills in on the lines of a document, and the refusal of what cannot be. Pure."""

from dataclasses import dataclass


class Refused(Exception):
    """The act is not possible now; the text is one sentence for people."""


@dataclass(frozen=True, slots=True)
class LineEdit:
    """What a person filled in on one line; codes as in Exact, empty for none. `item`: None where none was asked."""

    line_id: int
    gl_code: str
    vat_code: str
    cost_center: str = ""
    cost_unit: str = ""
    item: str | None = None
