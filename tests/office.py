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
from apps.intake.models import PartOutcome
from apps.invoices.models import Invoice, Outcome, State, WaitsFor
from apps.people.models import Role, User
from apps.vendors.models import IBANCase, Question
from tests.clients import factories as clients
from tests.exact import factories as exact
from tests.intake.factories import PartFactory
from tests.invoices.factories import InvoiceEventFactory, InvoiceFactory, InvoiceLineFactory
from tests.people.factories import UserFactory
from tests.posting.factories import PostingFactory
from tests.rules.factories import BookingRuleFactory, VATTableFactory
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


def books(mark: str) -> Books:
    """Make one client with an administration, mirrors, and a document in each stage."""
    client = clients.ClientFactory(name=f"{mark} Holding", slug=mark.lower())
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
    rows += [
        MappingFactory(
            administration=administration, value=f"{mark}-number", supplier_name=f"{mark} supplier"
        ),
        CollectiveVendorFactory(
            administration=administration, name=f"{mark} fuel", words=mark, supplier_name=f"{mark} supplier"
        ),
        BookingRuleFactory(administration=administration, name=f"{mark} rule", supplier_contains=mark),
        VATTableFactory(administration=administration, why=f"{mark} reason"),
        invoices["done"].posting,  # type: ignore[list-item]
    ]
    return Books(mark, client, administration, division, connection, relation, question, case, invoices, rows)


def _mirrors(mark: str, division: Division) -> list[Model]:
    named = {"division": division, "description": f"{mark} text"}
    return [
        exact.GLAccountFactory(**named),
        exact.VATCodeFactory(code="4", **named),
        exact.ItemFactory(**named),
        exact.JournalFactory(**named),
        exact.LedgerLineFactory(description=f"{mark} text", division=division),
        exact.BankAccountFactory(iban=f"{mark}-IBAN", division=division),
        exact.SyncStateFactory(division=division, trouble=f"{mark} trouble"),
    ]


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
