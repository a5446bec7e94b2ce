"""Which administration a document is for: what speaks for whom, gathered with two queries."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.clients.models import Administration, AdministrationIdentifier
from apps.core.identifiers import LABELS, Identifier, Kind
from apps.intake import routes, rule_values
from apps.intake.document import Document
from apps.intake.findings import Finding
from apps.intake.models import Channel, Comparison, Evidence, Receipt, RoutingRule
from apps.intake.routes import Clue, Decision, Step

# Numbers of the company itself, those that address it first. Bank accounts and domains may be shared, and are weaker.
COMPANY = (Kind.PEPPOL, Kind.KVK, Kind.OIN, Kind.BE_ENTERPRISE, Kind.GLN, Kind.VAT)
SHARED = (Kind.IBAN, Kind.DOMAIN)
BY_CHANNEL = {Channel.PEPPOL: Step.PARTY, Channel.MAIL: Step.MAILBOX, Channel.FOLDER: Step.FOLDER}
LONGEST_TEXT = 200_000  # characters of a document that rules look through

Owners = Mapping[tuple[str, str], set[int]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of the thing whose administration is asked.

    `names` and `numbers` are the receiver's; `supplier` and `others` (accounts to pay to) are looked at for numbers of
    ours. `text` gives all its words, and is called only when a rule wants them. `administration`: where the way in
    brought it, by `channel`.
    """

    numbers: tuple[Identifier, ...] = ()
    names: tuple[str, ...] = ()
    supplier: tuple[Identifier, ...] = ()
    others: tuple[Identifier, ...] = ()
    buyer_reference: str = ""
    order_number: str = ""
    text: Callable[[], str] = str
    channel: str = ""
    administration: int | None = None
    sender: str = ""
    recipient: str = ""

    def arrived_by(self, receipt: Receipt) -> "Asked":
        """Return the same with what the arrival says."""
        text, subject = self.text, receipt.subject
        return replace(
            self,
            channel=receipt.channel,
            administration=receipt.administration_id,
            sender=receipt.sender,
            recipient=receipt.recipient,
            text=lambda: f"{subject}\n{text()}",
        )

    def words(self, evidence: str) -> tuple[str, ...]:
        """Return what rules about `evidence` are compared with, in its normal form."""
        if evidence == Evidence.RECEIVER:
            return rule_values.receivers(self.names, self.numbers)
        if evidence in (Evidence.SENDER, Evidence.RECIPIENT):
            return rule_values.addresses(self.sender if evidence == Evidence.SENDER else self.recipient)
        if evidence == Evidence.TEXT:
            return (" ".join(self.text()[:LONGEST_TEXT].split()).casefold(),)
        known = {Evidence.BUYER_REFERENCE: self.buyer_reference, Evidence.ORDER_NUMBER: self.order_number}
        text = rule_values.normal(evidence, known[Evidence(evidence)])
        return (text,) if text else ()


@dataclass(frozen=True, slots=True)
class Route:
    """The administrations that fit (one: routed; none or several: a person decides), the best first, and why.

    `own` are the numbers on the document that belong to the firm's administrations: never vendor evidence.
    `receivers` and `suppliers` are the administrations that the numbers of these companies name. `rules` hit.
    """

    administrations: tuple[int, ...]
    why: str
    own: frozenset[tuple[str, str]] = frozenset()
    receivers: frozenset[int] = frozenset()
    suppliers: frozenset[int] = frozenset()
    findings: tuple[Finding, ...] = ()
    rules: tuple[RoutingRule, ...] = ()
    decision: Decision = field(default_factory=Decision)


def asked_of(document: Document, receipt: Receipt) -> Asked:
    """Return what `document`, which arrived by `receipt`, says about whom it is for."""
    customer = document.customer
    return Asked(
        numbers=customer.identifiers,
        names=tuple(dict.fromkeys(filter(None, (customer.name, customer.legal_name, customer.trade_name)))),
        supplier=document.supplier.identifiers,
        others=document.payee_ibans,
        buyer_reference=document.buyer_reference,
        order_number=document.order_reference,
        text=lambda: _text_of(document),
    ).arrived_by(receipt)


def _text_of(document: Document) -> str:
    lines = (text for line in document.lines for text in (line.name, line.description, line.note))
    return "\n".join(filter(None, (document.note, document.order_reference, *lines)))


def route(asked: Asked) -> Route:
    """Find the administrations that something is for; costs two queries, and one more where names are missing.

    The order of what decides is that of `routes.Step`. What clearly speaks against the answer is a finding.
    """
    owners, names = _owners((*asked.numbers, *asked.supplier, *asked.others))
    rules = _rules(asked)
    names |= {rule.administration_id: rule.administration.name for rule in rules}
    clues = [*_arrival(asked), *_numbers(asked.numbers, owners), *(_of_rule(rule) for rule in rules)]
    decision = routes.decide(clues)
    if len(decision.said) > 1 or len(decision.administrations) > 1 or decision.against:
        names |= _missing({one for clue in clues for one in clue.administrations} - names.keys())
    return Route(
        decision.administrations,
        routes.explain(decision, names) or _("no number of the receiver is one of ours"),
        frozenset(owners),
        receivers=_named(asked.numbers, owners),
        suppliers=_named(asked.supplier, owners),
        findings=tuple(_findings(asked, decision, owners, names)),
        rules=tuple(rules),
        decision=decision,
    )


def _owners(numbers: Iterable[Identifier]) -> tuple[dict[tuple[str, str], set[int]], dict[int, str]]:
    """Return whose of ours each of `numbers` is, and the names of those."""
    wanted = {(one.kind.value, one.value) for one in numbers}
    rows = AdministrationIdentifier.objects.filter(
        kind__in={kind for kind, _value in wanted}, value__in={value for _kind, value in wanted}
    )
    owners: dict[tuple[str, str], set[int]] = defaultdict(set)
    names = {}
    for kind, value, administration, name in rows.values_list(
        "kind", "value", "administration_id", "administration__name"
    ):
        owners[kind, value].add(administration)
        names[administration] = name
    return dict(owners), names


def _known(numbers: Iterable[Identifier], kinds: tuple[Kind, ...], owners: Owners) -> list[Identifier]:
    known = [one for one in numbers if one.kind in kinds and not one.is_placeholder]
    return [one for one in dict.fromkeys(known) if (one.kind.value, one.value) in owners]


def _named(numbers: Iterable[Identifier], owners: Owners) -> frozenset[int]:
    """Return the administrations that the numbers of a company name: those that all fit, else all that any fits."""
    sets = [owners[one.kind.value, one.value] for one in _known(numbers, COMPANY, owners)]
    return frozenset(set.intersection(*sets) or set.union(*sets)) if sets else frozenset()


def _arrival(asked: Asked) -> list[Clue]:
    """What the way in says."""
    if asked.administration is None:
        return []
    step = BY_CHANNEL.get(Channel(asked.channel), Step.PERSON) if asked.channel else Step.PERSON
    words = {
        Step.PERSON: _("chosen when it came in"),
        Step.FOLDER: _("the folder it was put in"),
        Step.PARTY: _("the party it was delivered to"),
        Step.MAILBOX: _("the address it was sent to"),
    }
    return [Clue(step, frozenset({asked.administration}), words[step])]


def _numbers(numbers: Iterable[Identifier], owners: Owners) -> Iterable[Clue]:
    """What the numbers of the receiver say."""
    for step, kinds in ((Step.NUMBER, COMPANY), (Step.SHARED, SHARED)):
        for one in _known(numbers, kinds, owners):
            words = _("%(kind)s %(value)s of the receiver") % {"kind": LABELS[one.kind], "value": one.value}
            whose = frozenset(owners[one.kind.value, one.value])
            yield Clue(step, whose, words, rank=kinds.index(one.kind))


def _rules(asked: Asked) -> list[RoutingRule]:
    """Return the active rules that hit; one query, for those that can hit at all."""
    cheap = {one: asked.words(one) for one in Evidence if one is not Evidence.TEXT}
    equal = {text for texts in cheap.values() for text in texts}
    rows = RoutingRule.objects.filter(
        ~Q(comparison=Comparison.EQUALS) | Q(evidence=Evidence.TEXT) | Q(value__in=equal), is_active=True
    )
    words: dict[str, tuple[str, ...]] = {one.value: texts for one, texts in cheap.items()}
    found = []
    for rule in rows.select_related("administration").order_by("pk"):
        if rule.evidence == Evidence.TEXT and Evidence.TEXT not in words:
            words[Evidence.TEXT] = asked.words(Evidence.TEXT)
        if rule_values.hits(rule.comparison, rule.value, words[rule.evidence]):
            found.append(rule)
    return found


def _of_rule(rule: RoutingRule) -> Clue:
    words = _("the rule for %(rule)s") % {"rule": rule}
    return Clue(Step.RULE, frozenset({rule.administration_id}), words)


def _missing(keys: set[int]) -> dict[int, str]:
    return dict(Administration.objects.filter(pk__in=keys).values_list("pk", "name")) if keys else {}


def _findings(
    asked: Asked, decision: Decision, owners: Owners, names: Mapping[int, str]
) -> Iterable[Finding]:
    """What a bookkeeper should know about the answer: what speaks for another one, and a strange receiver."""
    if len(decision.administrations) != 1:
        return
    [answer] = decision.administrations
    by = {"administration": names.get(answer, ""), "why": decision.said[-1].words}
    for clue in decision.against:
        other = routes.listed(names[one] for one in clue.administrations)
        yield Finding("receiver_differs", {**by, "what": clue.words, "other": other})
    strange = _strange(asked, answer, owners)
    if strange:
        yield Finding("receiver_unknown", {"kind": Kind.KVK.value, "value": strange})


def _strange(asked: Asked, answer: int, owners: Owners) -> str:
    """Return the KvK number of a receiver that is nobody's here, where its administration has another one."""
    given = [one for one in asked.numbers if one.kind is Kind.KVK and one.valid and not one.is_placeholder]
    if not given or any((one.kind.value, one.value) in owners for one in given):
        return ""
    known = AdministrationIdentifier.objects.filter(administration=answer, kind=Kind.KVK)
    return given[0].value if known.exists() else ""
