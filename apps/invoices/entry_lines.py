"""The lines of a document as the lines of an entry: split where a rule says so, and taken together on demand.

Whatever is split or taken together, the sums of net and of VAT stay those of the document to the cent.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import Any

from apps.clients.models import EntryLines
from apps.core.money import ZERO, cents
from apps.invoices.models import Invoice, InvoiceLine
from apps.rules.conditions import Share

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One line of an entry. `net` and `tax` are signed; percentages are percentages (12.5), None for none."""

    gl_account: str
    gl_code: str
    vat_code: str
    net: Decimal
    tax: Decimal
    text: str = ""
    cost_center: str = ""
    cost_unit: str = ""
    private_use: Decimal | None = None
    non_deductible: Decimal | None = None
    spread_from: date | None = None
    spread_to: date | None = None

    @property
    def gross(self) -> Decimal:
        """The amount with VAT."""
        return self.net + self.tax


def lines_of(invoice: Invoice) -> list[EntryLine]:
    """Return the lines that the entry of `invoice` has or would have, as its administration wants them."""
    administration = invoice.administration
    grouped = administration is not None and administration.entry_lines == EntryLines.GROUPED
    return entry_lines(sorted(invoice.lines.all(), key=lambda line: line.position), grouped=grouped)


def entry_lines(lines: Iterable[InvoiceLine], *, grouped: bool = False) -> list[EntryLine]:
    """Return what `lines` are booked as; `grouped`: one for all that go to the same place."""
    found = [part for line in lines for part in _parts(line)]
    return _grouped(found) if grouped else found


def amounts_of(net: Decimal, shares: Sequence[Share]) -> list[Decimal] | None:
    """Return what each of `shares` gets of `net`, together exactly `net`; None when they do not come out.

    Fixed amounts are taken first and bear the sign of `net`; percentages are of the whole, rounded together so that
    no part gets the other sign and each is within a cent of its share; what is then left is the rest's.
    """
    sign = -1 if net < 0 else 1
    found = _wanted(net, sign, shares)
    rest = [place for place, share in enumerate(shares) if share.percentage is None and share.amount is None]
    left = net - sum((amount for amount in found if amount is not None), ZERO)
    if len(rest) > 1 or not shares or (rest and left * sign < 0):
        return None
    if rest:
        return [left if amount is None else amount for amount in found]
    return [amount or ZERO for amount in found] if not left else None


def _wanted(net: Decimal, sign: int, shares: Sequence[Share]) -> list[Decimal | None]:
    """Return what each part asks for, None for the rest: percentages to the cent of what they come to together."""
    until = accumulate((share.percentage or ZERO for share in shares), initial=ZERO)
    of_percentages = [
        after - before for before, after in pairwise(cents(net * one / HUNDRED) for one in until)
    ]
    return [
        part if share.percentage is not None else None if share.amount is None else share.amount * sign
        for share, part in zip(shares, of_percentages, strict=True)
    ]


def share_json(share: Share, account: str) -> dict[str, Any]:
    """Return a share as a line keeps it; `account` is the id of its ledger account."""
    return {
        "percentage": None if share.percentage is None else str(share.percentage),
        "amount": None if share.amount is None else str(share.amount),
        "gl_account": account,
        "gl_code": share.gl_code,
        "vat_code": share.vat_code,
        "cost_center": share.cost_center,
        "cost_unit": share.cost_unit,
    }


def _share(kept: dict[str, Any]) -> Share:
    percentage, amount = (kept[name] and Decimal(kept[name]) for name in ("percentage", "amount"))
    texts = {name: kept[name] for name in ("gl_code", "vat_code", "cost_center", "cost_unit")}
    return Share(percentage=percentage, amount=amount, **texts)


def _parts(line: InvoiceLine) -> Iterator[EntryLine]:
    uncut = whole(line)
    shares = [_share(kept) for kept in line.split]
    nets = amounts_of(line.net, shares) if shares else None
    if nets is None:
        yield uncut
        return
    for kept, share, net, tax in zip(line.split, shares, nets, _taxes(uncut.tax, nets), strict=True):
        yield replace(
            uncut,
            net=net,
            tax=tax,
            gl_account=kept["gl_account"],
            gl_code=share.gl_code,
            vat_code=share.vat_code or uncut.vat_code,
            cost_center=share.cost_center,
            cost_unit=share.cost_unit,
        )


def whole(line: InvoiceLine) -> EntryLine:
    """Return `line` as one line of an entry, whatever rules say of splitting it."""
    return EntryLine(
        gl_account=str(line.gl_account or ""),
        gl_code=line.gl_code,
        vat_code=line.vat_code,
        net=line.net,
        tax=line.tax or ZERO,
        text=line.entry_text or line.description,
        cost_center=line.cost_center,
        cost_unit=line.cost_unit,
        private_use=line.private_use,
        non_deductible=line.non_deductible,
        spread_from=line.spread_from,
        spread_to=line.spread_to,
    )


def _taxes(tax: Decimal, nets: Sequence[Decimal]) -> list[Decimal]:
    """Spread `tax` over parts in proportion to their nets, to the cent."""
    total = sum(nets, ZERO)
    if not total:
        return [*(ZERO for _net in nets[:-1]), tax]
    until = [cents(tax * part / total) for part in accumulate(nets, initial=ZERO)]
    return [after - before for before, after in pairwise(until)]


def _grouped(lines: Iterable[EntryLine]) -> list[EntryLine]:
    groups: dict[EntryLine, list[EntryLine]] = {}
    for line in lines:
        groups.setdefault(replace(line, net=ZERO, tax=ZERO, text=""), []).append(line)
    together = [_together(place, group) for place, group in groups.items()]
    return [line for line in together if line.net or line.tax] or together


def _together(place: EntryLine, group: Sequence[EntryLine]) -> EntryLine:
    texts = list(dict.fromkeys(line.text for line in group if line.text))
    more = f" (+{len(texts) - 1})" if len(texts) > 1 else ""
    return replace(
        place,
        net=sum((line.net for line in group), ZERO),
        tax=sum((line.tax for line in group), ZERO),
        text=f"{texts[0][: 60 - len(more)]}{more}" if texts else "",
    )
