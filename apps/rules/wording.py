"""The description that a rule gives a line in the books: a template with a few words to fill in. Pure."""

import re
from collections.abc import Mapping

WORDS = ("supplier", "number", "date", "period", "text", "order")
_PLACE = re.compile(r"\{(\w*)\}")


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return `template` with each `{word}` of WORDS replaced by its value; blanks that are left over go."""
    filled = _PLACE.sub(lambda place: values.get(place[1], place[0]), template)
    return " ".join(filled.split())


def unknown_words(template: str) -> list[str]:
    """Return the words in braces that mean nothing, in their order."""
    return [word for word in _PLACE.findall(template) if word not in WORDS]
