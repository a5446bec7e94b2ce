"""The parts of a rule as one text of a list: "60 % = 4510 | 4 | KP1; rest = 4520". Pure.

A part is its size, `=`, and its ledger account, VAT code, cost centre and cost unit with `|` between; parts are
divided by `;`. A backslash takes the meaning of the sign behind it.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.rules.conditions import Share

REST = ("rest", "the rest", "de rest")
_SIGNS = re.compile(r"([\\;|=])")
_CODES = ("gl_code", "vat_code", "cost_center", "cost_unit")


class NotANumber(ValueError):
    """A text is no amount; the message says so to people."""


class NoPart(ValueError):
    """A text is no part of a rule; the message says why, to people."""


def written(shares: Iterable[Share]) -> str:
    """Return `shares` as one text; "" for none."""
    return "; ".join(f"{_size(share)} = {_codes(share)}" for share in shares)


def read(text: str) -> tuple[Share, ...]:
    """Return the shares that `written` was given. Raises NoPart."""
    return tuple(_share(part) for part in _split(text, ";") if part.strip())


def amount_in(text: str) -> Decimal:
    """Return the number in `text`, "1.234,50" or "1234.50".

    Three digits behind a point are thousands, but not behind a nought.

    Raises NotANumber.
    """
    bare = text.replace(" ", "").replace("\u00a0", "").removeprefix("€")
    if "," in bare:
        bare = (
            bare.replace(".", "").replace(",", ".")
            if bare.rfind(",") > bare.rfind(".")
            else bare.replace(",", "")
        )
    elif re.fullmatch(r"-?[1-9]\d{0,2}(\.\d{3})+", bare):
        bare = bare.replace(".", "")
    if not re.fullmatch(r"-?\d{1,16}(\.\d{1,12})?", bare):
        raise NotANumber(_("“%(text)s” is no number.") % {"text": text[:40]})
    return Decimal(bare)


def _size(share: Share) -> str:
    if share.percentage is not None:
        return f"{share.percentage.normalize():f} %"
    return "rest" if share.amount is None else f"{share.amount:.2f}"


def _codes(share: Share) -> str:
    codes = [_SIGNS.sub(r"\\\1", getattr(share, name)) for name in _CODES]
    while len(codes) > 1 and not codes[-1]:
        codes.pop()
    return " | ".join(codes)


def _split(text: str, sign: str) -> list[str]:
    pieces, piece, is_escaped = [], "", False
    for letter in text:
        if letter == sign and not is_escaped:
            pieces.append(piece)
            piece = ""
            continue
        piece += letter
        is_escaped = letter == "\\" and not is_escaped
    return [*pieces, piece]


def _share(text: str) -> Share:
    size, *rest = _split(text, "=")
    if len(rest) != 1:
        raise NoPart(_("“%(text)s” is no part: write it as “60 %% = 4510”.") % {"text": text.strip()[:60]})
    codes = [re.sub(r"\\(.)", r"\1", code).strip() for code in _split(rest[0], "|")]
    if len(codes) > len(_CODES):
        raise NoPart(_("“%(text)s” names more than four codes.") % {"text": text.strip()[:60]})
    values: dict[str, Any] = dict(zip(_CODES, codes, strict=False))
    size = size.strip()
    try:
        if size.casefold() in REST:
            return Share(**values)
        if size.endswith("%"):
            return Share(percentage=amount_in(size[:-1]), **values)
        return Share(amount=amount_in(size), **values)
    except NotANumber as error:
        raise NoPart(str(error)) from error
