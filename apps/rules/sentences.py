"""A booking rule as a sentence: "All purchases from “Ziggo” → 4510 Telephone, VAT as on the document". Pure."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.identifiers import LABELS
from apps.rules.conditions import Rule, Share
from apps.rules.scenario import Scenario
from apps.rules.words import Spread, TextIn, TextMatch

Names = Mapping[tuple[str, str], str]  # (field, code) -> what the books call it
ARROW = " → "


def sentence(rule: Rule, names: Names | None = None, *, group: str = "") -> str:
    """Return `rule` as one sentence in the language of the moment.

    `names`: what the books call its codes, where that is known; `group`: of which clients alone it speaks.
    """
    conditions = [
        *_conditions(rule, names or {}),
        *([_("at clients of the group %(name)s") % {"name": group}] if group else ()),
    ]
    when = " ".join([_("All purchases"), ", ".join(conditions)]).strip()
    outcomes = list(_outcomes(rule, names or {}))
    return f"{when}{ARROW}{', '.join(outcomes) or _('nothing yet')}"


def _conditions(rule: Rule, names: Names) -> Iterator[str]:
    yield from _about_supplier(rule, names)
    yield from _about_line(rule)
    if rule.buyer_reference:
        yield _("with buyer reference “%(text)s”") % {"text": rule.buyer_reference}
    if rule.order_number:
        yield _("with an order number that begins with “%(text)s”") % {"text": rule.order_number}
    if rule.delivery_address:
        yield _("delivered to “%(text)s”") % {"text": rule.delivery_address}


def _about_supplier(rule: Rule, names: Names) -> Iterator[str]:
    if rule.supplier_contains:
        yield _("from “%(text)s”") % {"text": rule.supplier_contains}
    if rule.supplier_code:
        yield _("from supplier %(code)s") % {"code": _called("supplier_code", rule.supplier_code, names)}
    if rule.vendor_key:
        kind, _space, number = rule.vendor_key.partition(" ")
        label = LABELS.get(kind.casefold(), kind)
        yield _("from the vendor with %(key)s") % {"key": f"{label} {number}".strip()}
    if rule.classification:
        yield _("from suppliers of class “%(text)s”") % {"text": rule.classification}


def _about_line(rule: Rule) -> Iterator[str]:
    if rule.text:
        yield f"{_text(rule)} {_where(rule)}"
    if rule.item_group:
        yield _("of item group %(code)s") % {"code": rule.item_group}
    if rule.seller_item:
        yield _("of the seller's item %(code)s") % {"code": rule.seller_item}
    if rule.commodity_code:
        yield _("with a commodity code that begins with %(code)s") % {"code": rule.commodity_code}
    if rule.scenario:
        scenario = Scenario(rule.scenario).label if rule.scenario in Scenario.values else rule.scenario
        yield _("with scenario “%(text)s”") % {"text": scenario}
    if amount := _amount(rule):
        yield amount


def _text(rule: Rule) -> str:
    words = {
        TextMatch.CONTAINS: _("with “%(text)s”"),
        TextMatch.WORD: _("with the word “%(text)s”"),
        TextMatch.REGEX: _("with a text like /%(text)s/"),
    }
    return words[TextMatch(rule.text_match)] % {"text": rule.text}


def _where(rule: Rule) -> str:
    words = {
        TextIn.LINE: _("on the line"),
        TextIn.HEADER: _("in the header"),
        TextIn.ANYWHERE: _("on the line or in the header"),
    }
    return words[TextIn(rule.text_in)]


def _amount(rule: Rule) -> str:
    low, high = rule.amount_from, rule.amount_to
    values = {"low": _money(low), "high": _money(high)}
    if low is not None and high is not None:
        return _("with an amount of %(low)s to %(high)s") % values
    if low is not None:
        return _("with an amount of at least %(low)s") % values
    return _("with an amount of at most %(high)s") % values if high is not None else ""


def _outcomes(rule: Rule, names: Names) -> Iterator[str]:
    if rule.splits:
        yield " + ".join(_part(share, names) for share in rule.splits)
    elif rule.gl_code:
        yield _called("gl_code", rule.gl_code, names)
    if rule.vat_code:
        yield _("VAT code %(code)s") % {"code": _called("vat_code", rule.vat_code, names)}
    elif rule.gl_code or rule.splits:
        yield _("VAT as on the document")
    yield from _costs(rule.cost_center, rule.cost_unit, names)
    yield from _besides(rule)


def _part(share: Share, names: Names) -> str:
    size = _("the rest")
    if share.percentage is not None:
        size = percent(share.percentage)
    elif share.amount is not None:
        size = _money(share.amount)
    codes = [_("VAT code %(code)s") % {"code": share.vat_code}] if share.vat_code else []
    codes += _costs(share.cost_center, share.cost_unit, names)
    account = _called("gl_code", share.gl_code, names)
    where = f"{account} ({', '.join(codes)})" if codes else account
    return _("%(size)s on %(account)s") % {"size": size, "account": where}


def _costs(center: str, unit: str, names: Names) -> Iterator[str]:
    if center:
        yield _("cost centre %(code)s") % {"code": _called("cost_center", center, names)}
    if unit:
        yield _("cost unit %(code)s") % {"code": _called("cost_unit", unit, names)}


def _besides(rule: Rule) -> Iterator[str]:
    if rule.private_use is not None:
        yield _("%(percentage)s private use") % {"percentage": percent(rule.private_use)}
    if rule.non_deductible is not None:
        yield _("%(percentage)s of the VAT is not deductible") % {"percentage": percent(rule.non_deductible)}
    if rule.spread == Spread.DOCUMENT:
        yield _("spread over the period on the document")
    if rule.spread == Spread.MONTHS:
        months = rule.spread_months or 0
        yield ngettext("spread over %(count)d month", "spread over %(count)d months", months) % {
            "count": months
        }
    if rule.description:
        yield _("described as “%(text)s”") % {"text": rule.description}
    if rule.payment_condition:
        yield _("payment condition %(code)s") % {"code": rule.payment_condition}
    if rule.never_automatic:
        yield _("a person looks at each")


def percent(value: Decimal) -> str:
    """Return a percentage (12.5 is 12.5 %) without needless zeros, as people of this language write it."""
    return f"{number_format(f'{value.normalize():f}', use_l10n=True)} %"


def _money(value: Decimal | None) -> str:
    return "" if value is None else number_format(value, 2, force_grouping=True)


def _called(field: str, code: str, names: Names) -> str:
    return f"{code} {names.get((field, code), '')}".strip()
