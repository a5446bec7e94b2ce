"""The columns of a table: by which names a header knows them, in any order and in both languages. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.core.tables.reading import Rows
from apps.core.tables.unreadable import Unreadable

_LONGEST = 100
_NOT_WORDS = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """Return `text` as it is compared: lower case words with one blank between, no diacritics, no punctuation."""
    letters = unicodedata.normalize("NFKD", text[:_LONGEST].casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(_NOT_WORDS.sub(" ", bare).split())


@dataclass(frozen=True)
class Columns:
    """`known`: column -> (its title in an export, in English; its other names, with `|` between). `needed`: columns.

    `once`: no column may stand there twice, needed or not.
    """

    known: Mapping[str, tuple[str, str]]
    needed: Sequence[str] = ()
    once: bool = False

    def titles(self, columns: Sequence[str] | None = None) -> list[str]:
        """Return the titles of `columns`, or of all, in the language of the moment."""
        return [_(self.known[column][0]) for column in (self.known if columns is None else columns)]

    def values_in(self, rows: Rows) -> list[tuple[int, dict[str, str]]]:
        """Return the rows below the header: number as a spreadsheet shows it, and column -> text without blanks around.

        Raises Unreadable when a column that is needed is missing or stands there twice, or when no row follows.
        """
        places = self._places(rows[0][1])
        found = [
            (number, {name: cells[at].strip() if at < len(cells) else "" for name, at in places.items()})
            for number, cells in rows[1:]
        ]
        if not found:
            raise Unreadable(_("There is a header and no row below it. Choose another file."))
        return found

    def headings(self, header: Sequence[str]) -> dict[str, str]:
        """Return the columns that `header` names, each with its name as it stands there."""
        names = self._names()
        return {column: text.strip() for text in header if (column := names.get(plain(text)))}

    def _names(self) -> dict[str, str]:
        """Return column by each name of it: also by its title in each language, as an export writes it."""
        found: dict[str, str] = {}
        for language, _label in settings.LANGUAGES:
            with override(language):
                found |= {plain(_(title)): column for column, (title, _names) in self.known.items()}
        named = ((one, column) for column, (_t, names) in self.known.items() for one in names.split("|"))
        return found | {plain(one): column for one, column in named}

    def _places(self, header: Sequence[str]) -> dict[str, int]:
        names = self._names()
        places: dict[str, int] = {}
        for place, text in enumerate(header):
            column = names.get(plain(text), "")
            if column in places and (self.once or column in self.needed):
                raise Unreadable(
                    _("Column “%(name)s” stands there twice. Leave one of them out.") % {"name": text}
                )
            if column:
                places[column] = place
        missing = self.titles([column for column in self.needed if column not in places])
        if missing:
            raise Unreadable(
                _("The first row does not name these columns: %(names)s. Begin with an export to see how.")
                % {"names": ", ".join(missing)}
            )
        return places
