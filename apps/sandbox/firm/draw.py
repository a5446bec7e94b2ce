"""Repeatable picks, and invented numbers that pass their check digits."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """Picks that are always the same for the same seed words."""

    def __init__(self, *seed: object) -> None:
        self._random = Random("/".join(str(word) for word in seed)).random  # noqa: S311 - nothing secret

    def below(self, limit: int) -> int:
        """Return a whole number from 0 up to, not including, `limit`."""
        return int(self._random() * limit)

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of the choices."""
        return choices[self.below(len(choices))]

    def chance(self, share: float) -> bool:
        """Return true in this share (0 to 1) of the draws."""
        return self._random() < share

    def digits(self, count: int) -> str:
        """Return text of so many digits."""
        return "".join(str(self.below(10)) for _ in range(count))


def vat_number(draw: Draw) -> str:
    """Return a Dutch VAT number whose nine digits pass the elfproef."""
    while True:
        body = "89" + draw.digits(6)
        check = _weighed(body, range(9, 1, -1)) % 11
        if check < 10:
            return f"NL{body}{check}B01"


def chamber_number(draw: Draw) -> str:
    """Return eight digits as the chamber of commerce gives them out; the first may be a zero."""
    return f"{draw.below(9)}{1 + draw.below(9)}{draw.digits(6)}"


def gtin(draw: Draw) -> str:
    """Return a GTIN of thirteen digits with its right check digit, as a barcode holds it."""
    body = "87" + draw.digits(10)
    return f"{body}{-_weighed(body, (1, 3) * 6) % 10}"


def iban(draw: Draw, bank: str) -> str:
    """Return a Dutch IBAN with right check digits; its account fails the elfproef, so that it is nobody's."""
    account = draw.digits(9)
    while _weighed(account, range(9, 0, -1)) % 11 == 0:
        account = draw.digits(9)
    spelled = "".join(str(int(letter, 36)) for letter in f"{bank}0{account}NL00")
    return f"NL{98 - int(spelled) % 97:02}{bank}0{account}"


def _weighed(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
