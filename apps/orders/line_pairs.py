"""Which line of an order is each line of an answer about? Pure.

By the number of the order's line that it names, else by the item, where several lines have that by number, quantity
and place. A line without any code of an item is the one at its place with the same name.
"""

from collections.abc import Sequence
from dataclasses import replace

from apps.orders.differing import Answered, Ordered


def paired(ordered: Sequence[Ordered], answered: Sequence[Answered]) -> list[Answered]:
    """Return `answered` with `of` filled in where a line of the order is meant; in their order.

    Several lines may be about one that they name; of those found by their item each gets a line of its own.
    """
    by_number = {line.number: line.key for line in reversed(ordered) if line.number}
    named = [by_number.get(line.about) if line.about else None for line in answered]
    free = {line.key: line for line in ordered if line.key not in set(named)}
    found = []
    for line, key in zip(answered, named, strict=True):
        meant = _likest(line, list(free.values())) if key is None else None
        found.append(replace(line, of=free.pop(meant.key).key if meant else key))
    return found


def _likest(line: Answered, free: Sequence[Ordered]) -> Ordered | None:
    alike = [one for one in free if _is_alike(line, one)]
    return min(alike, key=lambda one: _distance(line, one), default=None)


def _is_alike(line: Answered, one: Ordered) -> bool:
    if line.codes and one.codes:
        return bool(line.codes & one.codes)
    return bool(line.name) and line.name.casefold() == one.name.casefold()


def _distance(line: Answered, one: Ordered) -> tuple[bool, bool, int]:
    is_numbered = bool(line.number) and line.number == one.number
    return (not is_numbered, line.quantity != one.quantity, abs(line.position - one.position))
