"""Rows of a list of mappings, and what checking says of them."""

from typing import Any

from apps.people.models import User
from apps.vendors.checking import Verdict, check
from apps.vendors.exchange import Line
from tests.office import Books

KVK = "72345678"


def line(books: Books, number: int = 2, **values: Any) -> Line:
    filled: dict[str, Any] = {
        "administration": books.administration.slug,
        "kind": "kvk",
        "value": KVK,
        "code": books.relation.code,
        **values,
    }
    return Line(number, **filled)


def marks(verdicts: list[Verdict]) -> dict[int, list[str]]:
    return {verdict.line.number: verdict.mark for verdict in verdicts}


def one(books: Books, user: User, **values: Any) -> Verdict:
    return check([line(books, **values)], user)[0]
