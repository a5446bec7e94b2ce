"""A small office to look at: clients with documents in every stage, and the people who work for them."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.db.models import Model
from django.test import Client as Browser

from apps.clients.models import Administration, Client
from apps.core import clock
from apps.core.causes import Cause
from apps.exact.models import Connection, Division, Relation
from apps.intake.models import PartKind, PartOutcome
from apps.invoices.models import Invoice, Outcome, State, WaitsFor
from apps.items.models import ItemQuestion
from apps.orders.models import Kind, PurchaseOrder
from apps.orders.models import Outcome as OrderOutcome
from apps.people.models import Role, User
from apps.rules.models import BookingRule, Replay
from apps.rules.replay_spec import spec_of
from apps.vendors.models import IBANCase, Question
from tests.clients import factories as clients
from tests.econnect import factories as econnect
from tests.exact import factories as exact
from tests.intake.factories import (
    AllowedSenderFactory,
    FolderFactory,
    MailboxFactory,
    PartFactory,
    RoutingRuleFactory,
)
from tests.invoices.factories import (
    AutonomyFactory,
    ClientQuestionFactory,
    InvoiceEventFactory,
    InvoiceFactory,
    InvoiceLineFactory,
)
from tests.items.factories import ItemMappingFactory, ItemQuestionFactory
from tests.orders.factories import (
    OrderTermsFactory,
    PurchaseOrderEventFactory,
    PurchaseOrderFactory,
    PurchaseOrderLineFactory,
)
from tests.people.factories import UserFactory
from tests.posting.factories import PostingFactory
from tests.preflight.factories import PreflightFactory
from tests.rules.factories import BookingRuleFactory, ReplayFactory, VATTableFactory
from tests.vendors.factories import CollectiveVendorFactory, IBANCaseFactory, MappingFactory, QuestionFactory

SAMPLE = Path(__file__).resolve().parent.parent / "fixtures/documents/01-zwaluw-bloem.xml"


@dataclass
class Books:
    """Everything of one client; every text that could betray it carries `mark`."""

    mark: str
    client: Client
    administration: Administration
    division: Division
    connection: Connection
    relation: Relation
    question: Question
    case: IBANCase
    invoices: dict[str, Invoice]
    rows: list[Model]
    replay: Replay
    orders: dict[str, PurchaseOrder]
    item_question: ItemQuestion


def books(mark: str) -> Books:
    """Make one client with an administration, mirrors, and a document in each stage."""
    group = clients.ClientGroupFactory()
    client = clients.ClientFactory(name=f"{mark} Holding", slug=mark.lower(), group=group)
    administration = clients.AdministrationFactory(
        client=client, name=f"{mark} B.V.", slug=f"{mark.lower()}-bv"
    )
    connection = exact.ConnectionFactory(user_name=f"{mark} user", app__name=f"{mark} app")
    division = exact.DivisionFactory(
        connection=connection, administration=administration, name=f"{mark} division", customer_name=mark
    )
    relation = exact.RelationFactory(division=division, name=f"{mark} supplier")
    question = QuestionFactory(
        administration=administration,
        number="34567892",  # the vendor of InvoiceFactory
        name=f"{mark} vendor",
        candidates=[
            {
                "supplier": str(relation.exact_id),
                "code": relation.code,
                "name": relation.name,
                "usable": True,
                "keys": [["kvk", f"of {mark}"]],
            }
        ],
    )
    case = IBANCaseFactory(
        administration=administration, supplier=relation.exact_id, supplier_name=f"{mark} supplier", note=mark
    )
    invoices = _documents(mark, administration, division, question)
    rows: list[Model] = [
        client,
        administration,
        division,
        connection,
        connection.app,
        relation,
        question,
        case,
    ]
    rows += [*invoices.values(), *(invoice.part.receipt for invoice in invoices.values())]
    rows += _mirrors(mark, division)
    rows.append(
        exact.ShareLinkFactory(
            administration=administration, division=division, app=connection.app, for_whom=f"{mark} owner"
        )
    )
    rows += _peppol(mark, client, administration)
    rows += [
        MappingFactory(
            administration=administration, value=f"{mark}-number", supplier_name=f"{mark} supplier"
        ),
        *_items(mark, administration),
        CollectiveVendorFactory(
            administration=administration, name=f"{mark} fuel", words=mark, supplier_name=f"{mark} supplier"
        ),
        BookingRuleFactory(administration=administration, name=f"{mark} rule", supplier_contains=mark),
        FolderFactory(administration=administration, path=f"{mark}/scans", trouble=f"{mark} trouble"),
        VATTableFactory(administration=administration, why=f"{mark} reason"),
        MailboxFactory(
            administration=administration,
            address=f"{mark.lower()}@kantoor.example",
            username=f"{mark} account",
            trouble=f"{mark} trouble",
        ),
        AllowedSenderFactory(administration=administration, pattern=f"@{mark}.example"),
        RoutingRuleFactory(administration=administration, text=f"{mark}@kantoor.example"),
        AutonomyFactory(
            administration=administration, supplier=relation.exact_id, supplier_name=f"{mark} supplier"
        ),
        clients.LimitsFactory(client=client),
        exact.DigitalMailboxFactory(
            administration=administration,
            address=f"{mark.lower()}@facturen.econnect.eu",
            words=f"{mark} words",
            sender_allowed=f"{mark} person",
        ),
        PreflightFactory(administration=administration, others_said=f"{mark} colleague"),
        ClientQuestionFactory(invoice=invoices["done"], text=f"{mark} text", trouble=f"{mark} trouble"),
        *_other_post(mark, administration),
        invoices["done"].posting,  # type: ignore[list-item]
        group,
    ]
    tried = _replay(mark, administration)
    asked = next(row for row in rows if isinstance(row, ItemQuestion))
    orders = _orders(mark, administration, relation, posting_of=division, question=question, asked=asked)
    rows += [
        *orders.values(),
        OrderTermsFactory(administration=administration, description=f"{mark} {{number}}"),
    ]
    return Books(
        mark,
        client,
        administration,
        division,
        connection,
        relation,
        question,
        case,
        invoices,
        rows,
        tried,
        orders,
        asked,
    )


def _orders(
    mark: str,
    administration: Administration,
    relation: Relation,
    *,
    posting_of: Division,
    question: Question,
    asked: ItemQuestion,
) -> dict[str, PurchaseOrder]:
    """An order in each stage, an answer with a difference, and one PDF that nobody can read."""
    now = clock.now()
    common = {"administration": administration, "vendor_name": f"{mark} vendor"}
    known = {**common, "supplier": relation.exact_id, "supplier_name": f"{mark} supplier"}
    payload = {"Description": f"{mark} order", "PurchaseOrderLines": [{"Item": str(uuid4())}]}
    posting = PostingFactory(
        division=posting_of,
        method="order",
        plan={"steps": [{"name": "order", "payload": payload}], "look": {}},
        state="done",
        finished_at=now,
        exact_id=uuid4(),
        reference=f"{mark}-PO",
    )
    ended = {"state": State.DONE, "done_at": now, "exact_number": "4500001"}
    found: dict[str, PurchaseOrder] = {
        "vendor": PurchaseOrderFactory(
            state=State.ATTENTION, cause=Cause.VENDOR_UNKNOWN, question=question, **common
        ),
        "item": PurchaseOrderFactory(
            state=State.ATTENTION, cause=Cause.ITEM_UNKNOWN, detail=f"{mark} detail", **known
        ),
        "price": PurchaseOrderFactory(
            state=State.ATTENTION,
            cause=Cause.NEEDS_APPROVAL,
            received_at=now - timedelta(days=5),
            **known,
        ),
        "unreadable": PurchaseOrderFactory(
            state=State.ATTENTION, cause=Cause.UNREADABLE, number="", number_key="", net=None, **common
        ),
        "refused": PurchaseOrderFactory(state=State.ATTENTION, cause=Cause.REJECTED_BY_EXACT, **known),
        "proposed": PurchaseOrderFactory(state=State.PROPOSED, **known),
        "ready": PurchaseOrderFactory(
            state=State.READY, waits_for=WaitsFor.HOLD_BACK, waits_until=now + timedelta(minutes=5), **known
        ),
        "pilot": PurchaseOrderFactory(state=State.READY, waits_for=WaitsFor.PILOT, **known),
        "done": PurchaseOrderFactory(
            outcome=OrderOutcome.ORDERED,
            posting=posting,
            exact_url="https://start.exactonline.nl/docs/PurPurchaseOrder.aspx",
            **ended,
            **known,
        ),
        "ignored": PurchaseOrderFactory(state=State.IGNORED, **common),
    }
    found["answer"] = PurchaseOrderFactory(
        kind=Kind.RESPONSE,
        state=State.PROPOSED,
        about=found["done"],
        differences=[
            {"field": "quantity", "line": "1", "name": f"{mark} line", "ordered": "8", "confirmed": "6"}
        ],
        **known,
    )
    for name, order in found.items():
        if name != "unreadable":
            PurchaseOrderLineFactory(
                order=order, description=f"{mark} line", item_question=asked if name == "item" else None
            )
        PurchaseOrderEventFactory(order=order, to_state=order.state, why=f"{mark} event")
        order.part.filename = f"{mark}-order-{name}.xml"
        order.part.save(update_fields=["filename"])
    return found


def _items(mark: str, administration: Administration) -> list[Model]:
    """An item that nobody knows, and one that somebody mapped."""
    of = {"administration": administration, "supplier_name": f"{mark} supplier"}
    return [
        ItemQuestionFactory(name=f"{mark} item", **of),
        ItemMappingFactory(value=f"{mark}-item", item_name=f"{mark} item", **of),
    ]


def _replay(mark: str, administration: Administration) -> Replay:
    """A rule that somebody of this client tried, with a line that it would book otherwise."""
    rule = BookingRule(
        name=f"{mark} tried", administration=administration, supplier_contains=mark, gl_code="4000"
    )
    line = {
        "kind": "differs",
        "administration": administration.pk,
        "supplier": f"{mark} supplier",
        "would": {"gl_code": "4000"},
        "booked": {"gl_code": "4100"},
        "date": "2026-09-15",
        "text": f"{mark} text",
        "amount": "100.00",
        "invoice": None,
        "number": "26700001",
    }
    found: Replay = ReplayFactory(
        spec=spec_of(rule, []),
        administrations=[administration.pk],
        looked_at=1,
        differs=1,
        total=1,
        examples=[line],
    )
    return found


def _other_post(mark: str, administration: Administration) -> list[Model]:
    """A reminder, and a file that could not be read."""
    common = {"administration": administration, "reason": f"{mark} reason"}
    return [
        PartFactory(
            kind=PartKind.REMINDER,
            outcome=PartOutcome.IGNORED,
            settled_by="Postkamer",
            filename=f"{mark}-herinnering.pdf",
            **common,
        ),
        PartFactory(outcome=PartOutcome.REJECTED, filename=f"{mark}-kapot.xml", **common),
    ]


def _mirrors(mark: str, division: Division) -> list[Model]:
    named = {"division": division, "description": f"{mark} text"}
    return [
        exact.GLAccountFactory(**named),
        exact.VATCodeFactory(code="4", **named),
        exact.ItemFactory(**named),
        exact.UnitFactory(**named),
        exact.ExactOrderFactory(supplier_name=f"{mark} supplier", **named),
        exact.JournalFactory(**named),
        exact.LedgerLineFactory(description=f"{mark} text", division=division),
        exact.BankAccountFactory(iban=f"{mark}-IBAN", division=division),
        exact.SyncStateFactory(division=division, trouble=f"{mark} trouble"),
    ]


def _peppol(mark: str, client: Client, administration: Administration) -> list[Model]:
    account = econnect.AccountFactory(name=f"{mark} account", client=client)
    party = econnect.PartyFactory(name=f"{mark} party", account=account, administration=administration)
    inbound = econnect.InboundFactory(party=party, number=f"{mark}-1", trouble=f"{mark} trouble")
    answer = econnect.AnswerFactory(inbound=inbound, status="RE", reasons={"OTH": f"{mark} reason"})
    call = econnect.HookCallFactory(account=account, body=f'{{"a": "{mark} body"}}', topic=f"{mark}Topic")
    keys = econnect.PlatformKeysFactory(administration=administration, company_id=f"XCNL-{mark}")
    return [account, party, inbound, answer, call, keys]


def _documents(
    mark: str, administration: Administration, division: Division, question: Question
) -> dict[str, Invoice]:
    common = {"administration": administration, "vendor_name": f"{mark} vendor"}
    now = clock.now()
    plan = {
        "steps": [
            {
                "name": "entry",
                "payload": {"Journal": "60", "Description": f"{mark} entry", "PurchaseEntryLines": []},
            }
        ]
    }
    posting = PostingFactory(
        division=division, plan=plan, state="done", finished_at=now, exact_id=uuid4(), reference=f"{mark}-PK"
    )
    found: dict[str, Invoice] = {
        "vendor": InvoiceFactory(
            state=State.ATTENTION,
            cause=Cause.VENDOR_UNKNOWN,
            detail=f"{mark} detail",
            question=question,
            **common,
        ),
        "no_account": InvoiceFactory(state=State.ATTENTION, cause=Cause.NO_GL_ACCOUNT, **common),
        "totals": InvoiceFactory(
            state=State.ATTENTION,
            cause=Cause.TOTALS_DIFFER,
            findings=[{"code": "number_missing", "values": {}, "cause": ""}],
            received_at=now - timedelta(days=5),
            **common,
        ),
        "refused": InvoiceFactory(state=State.ATTENTION, cause=Cause.REJECTED_BY_EXACT, **common),
        "proposed": InvoiceFactory(state=State.PROPOSED, **common),
        "ready": InvoiceFactory(
            state=State.READY, waits_for=WaitsFor.HOLD_BACK, waits_until=now + timedelta(minutes=5), **common
        ),
        "pilot": InvoiceFactory(state=State.READY, waits_for=WaitsFor.PILOT, **common),
        "done": InvoiceFactory(
            state=State.DONE,
            outcome=Outcome.BOOKED,
            done_at=now,
            posting=posting,
            exact_number="26600001",
            exact_url="https://start.exactonline.nl/docs/FinEntry.aspx",
            **common,
        ),
        "ignored": InvoiceFactory(state=State.IGNORED, **common),
    }
    for name, invoice in found.items():
        InvoiceLineFactory(invoice=invoice, description=f"{mark} line")
        InvoiceEventFactory(invoice=invoice, to_state=invoice.state, why=f"{mark} event")
        invoice.part.filename = f"{mark}-{name}.xml"
        invoice.part.save(update_fields=["filename"])
        invoice.part.receipt.subject = f"{mark}-{name}.xml"
        invoice.part.receipt.save(update_fields=["subject"])
    PartFactory(
        receipt=found["done"].part.receipt,
        administration=administration,
        outcome=PartOutcome.DUPLICATE,
        duplicate_of=found["done"].part,
        filename=f"{mark}-again.xml",
        position=2,
    )
    return found


def person(role: str, *of: Client, language: str = "en", **more: object) -> User:
    """Make somebody of `role` who works for the clients `of`."""
    user: User = UserFactory(role=role, language=language, **more)
    for client in of:
        clients.AssignmentFactory(user=user, client=client)
    return user


def browser(user: User | None = None) -> Browser:
    """Return a browser in which `user` is signed in."""
    made = Browser()
    if user:
        made.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return made


ROLES = (Role.BOOKKEEPER, Role.REVIEWER, Role.PARTNER, Role.ADMINISTRATOR)
