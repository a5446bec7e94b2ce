"""The supplier that somebody means by what they typed: a code in Exact, a name, or a part of one."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Trim
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.exact.models import Relation

SHOWN = 3


class NotFound(Exception):
    """Nobody, or several, or one that may not be booked on. The message is a sentence for people."""


def suppliers(administration: Administration) -> QuerySet[Any]:
    """Return the suppliers of `administration` that may be booked on."""
    return cards(administration).filter(is_supplier=True, blocked=False)


def cards(administration: Administration) -> QuerySet[Any]:
    """Return the cards of `administration` without what Exact sent of them; `bare_code` is the code without pads."""
    rows = Relation.objects.filter(division__administration=administration).defer("raw")
    found: QuerySet[Any] = rows.annotate(bare_code=Trim("code"))
    return found


def supplier(administration: Administration, typed: str) -> Relation:
    """Return the usable supplier of `administration` that `typed` means. Raises NotFound when it means no single one.

    Asked in this order: the code; code and name as the product shows them; the whole name; a part of the name.
    """
    text = " ".join(typed.split())
    usable = suppliers(administration)
    for found in (
        usable.filter(bare_code=text),
        usable.filter(bare_code=text.partition(" ")[0], name__iexact=text.partition(" ")[2]),
        usable.filter(name__iexact=text),
        usable.filter(name__icontains=text),
    ):
        rows: list[Relation] = list(found.order_by("name", "pk")[: SHOWN + 1])
        if len(rows) == 1:
            return rows[0]
        if rows:
            raise NotFound(_several(rows, text))
    if cards(administration).filter(bare_code=text).exists():
        raise NotFound(
            _("Card %(code)s is blocked in Exact or no supplier: nothing can be booked on it.")
            % {"code": text}
        )
    raise NotFound(_("No supplier of this administration has the code or name “%(text)s”.") % {"text": text})


def _several(rows: Sequence[Relation], text: str) -> str:
    names = ", ".join(str(row) for row in rows[:SHOWN]) + (", ..." if len(rows) > SHOWN else "")
    return _("Several suppliers fit “%(text)s”: %(names)s. Type the code of the one you mean.") % {
        "text": text,
        "names": names,
    }
