"""Booked lines as samples that a rule is held against: with all of a document, or with what the ledger tells."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apps.exact.models import LedgerLine, Relation
from apps.invoices.models import InvoiceLine
from apps.invoices.replay_ground import Ground
from apps.invoices.rows import facts_of
from apps.rules.conditions import LineFacts, Share
from apps.rules.replaying import Extras, Sample
from apps.rules.suggestion import FIELDS


def own_sample(line: InvoiceLine, ground: Ground) -> Sample:
    """Return a line of a document of ours, with all that stood on it and what it was booked on.

    Of one that waits on the suspense account the latter is not known.
    """
    supplier = str(line.invoice.supplier or "")
    card = ground.relations.get(supplier) or Relation(name=line.invoice.supplier_name)
    facts = line_facts(line, (ground.groups or {}).get((supplier, line.seller_item), ""))
    if _is_suspended(line, ground):
        return Sample(facts_of(line.invoice, card), facts, {}, {})
    extras = Extras(
        parts=tuple(_share(one) for one in line.split),
        private_use=line.private_use,
        non_deductible=line.non_deductible,
        spread=line.spread_from is not None,
    )
    return Sample(facts_of(line.invoice, card), facts, _known(line), {}, extras)


def line_facts(line: InvoiceLine, group: str = "") -> LineFacts:
    """Return what rules may ask of a line of ours; `group` is that of its item in Exact."""
    return LineFacts(
        text=line.description,
        amount=line.net,
        seller_item=line.seller_item,
        commodity_code=line.commodity_code,
        item_group=group,
        scenario=line.scenario,
    )


def ledger_sample(line: LedgerLine, ground: Ground) -> Sample:
    """Return a line of the ledger: its supplier, text, amount and VAT code are all that Exact keeps of a document."""
    waits = _is_suspended(line, ground)
    facts = LineFacts(
        text=line.description,
        amount=line.amount_fc or line.amount,
        scenario=None if waits else ground.scenarios.get(line.vat_code),
    )
    return Sample(ground.supplier_facts(str(line.relation)), facts, {} if waits else _known(line), {})


def _is_suspended(line: InvoiceLine | LedgerLine, ground: Ground) -> bool:
    """Tell whether the client is still asked what `line` is."""
    return bool(line.gl_code) and line.gl_code == ground.administration.suspense_account


def _known(line: InvoiceLine | LedgerLine) -> dict[str, str]:
    """Return what the line was booked on; every line stands on an account, so none means that it is not known."""
    booked = {name: getattr(line, name) for name in FIELDS}
    return {name: code for name, code in booked.items() if code or name != "gl_code"}


def _share(kept: Mapping[str, Any]) -> Share:
    """Return a part as the rule says it: without what it has from the line."""
    inherited = kept.get("inherited", ())
    percentage, amount = kept["percentage"], kept["amount"]
    return Share(
        percentage=Decimal(percentage) if percentage else None,
        amount=Decimal(amount) if amount else None,
        **{name: "" if name in inherited else kept[name] or "" for name in FIELDS},
    )
