"""Are two telephone numbers the same? However they are written, with or without their country. Pure."""

import re
from collections.abc import Iterable

FEWEST_DIGITS = 6
_FEWEST_OF_A_TAIL = (
    7  # digits that two numbers must share at their end to be one, written with and without country
)
_NUMBER = re.compile(r"\+?\(?[0-9](?:[ \t().\-]{0,3}[0-9]){5,17}")


def digits_of(text: str) -> str:
    """Return the digits of a number without the zeros it begins with."""
    return re.sub(r"[^0-9]", "", text).lstrip("0")


def is_number(text: str) -> bool:
    """Tell whether this can be called at all."""
    return len(re.sub(r"[^0-9]", "", text)) >= FEWEST_DIGITS


def numbers_in(text: str) -> list[str]:
    """Return what looks like a telephone number in a text; a field of a card may hold two."""
    return _NUMBER.findall(text)


def is_same(one: str, other: str) -> bool:
    """Tell whether two texts are the same number: 020-1234567 is +31 (0)20 123 45 67."""
    short, long = sorted((digits_of(one), digits_of(other)), key=len)
    if short == long:
        return is_number(one) and is_number(other)
    return len(short) >= _FEWEST_OF_A_TAIL and long.endswith(short)


def is_among(number: str, others: Iterable[str]) -> bool:
    """Tell whether `number` is one of `others`."""
    return any(is_same(number, other) for other in others)
