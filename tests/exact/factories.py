"""One factory per model of apps.exact."""

from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import TypeVar
from uuid import uuid4

from factory.declarations import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory

from apps.clients.models import Administration
from apps.core import clock
from apps.exact import models
from tests.clients.factories import AdministrationFactory

M = TypeVar("M", bound=models.Guided)


class ExactAppFactory(DjangoModelFactory[models.ExactApp]):
    class Meta:
        model = models.ExactApp

    name = Sequence(lambda n: f"Exact app {n}")
    base_url = Sequence(lambda n: f"https://exact-{n}.example")
    client_id = LazyFunction(lambda: str(uuid4()))
    client_secret = "a secret of a test"
    redirect_uri = "https://postkamer.example/exact/callback/"


class ConnectionFactory(DjangoModelFactory[models.Connection]):
    """A chain that Exact does not know; for tests that call nothing."""

    class Meta:
        model = models.Connection

    app = SubFactory(ExactAppFactory)
    exact_user = LazyFunction(uuid4)
    user_name = Sequence(lambda n: f"Exact user {n}")
    access_token = "access of a test"
    refresh_token = "refresh of a test"
    issued_at = LazyFunction(clock.now)
    expires_at = LazyAttribute(lambda o: o.issued_at + timedelta(seconds=600))
    connected_at = SelfAttribute("issued_at")


class SignInFactory(DjangoModelFactory[models.SignIn]):
    class Meta:
        model = models.SignIn

    app = SubFactory(ExactAppFactory)
    state = LazyFunction(lambda: uuid4().hex)
    begun_at = LazyFunction(clock.now)


class ShareLinkFactory(DjangoModelFactory[models.ShareLink]):
    """A link that nobody knows the token of; give `administration=`."""

    class Meta:
        model = models.ShareLink

    administration = SubFactory(AdministrationFactory)
    app = SubFactory(ExactAppFactory)
    token_hash = LazyFunction(lambda: sha256(uuid4().bytes).hexdigest())
    made_at = LazyFunction(clock.now)
    expires_at = LazyAttribute(lambda o: o.made_at + timedelta(days=14))


class DivisionFactory(DjangoModelFactory[models.Division]):
    """A division of its own app; give `administration=` to link it."""

    class Meta:
        model = models.Division

    connection = SubFactory(ConnectionFactory)
    app = LazyAttribute(lambda o: o.connection.app if o.connection else ExactAppFactory())
    code = Sequence(lambda n: 4_000_000 + n)
    name = Sequence(lambda n: f"Division {n} B.V.")
    customer_name = Sequence(lambda n: f"Client of division {n}")
    seen_at = LazyFunction(clock.now)


class CallWindowFactory(DjangoModelFactory[models.CallWindow]):
    class Meta:
        model = models.CallWindow

    division = SubFactory(DivisionFactory)


class SyncStateFactory(DjangoModelFactory[models.SyncState]):
    class Meta:
        model = models.SyncState

    division = SubFactory(DivisionFactory)
    resource = "relations"


class SubscriptionFactory(DjangoModelFactory[models.Subscription]):
    """A subscription that Exact does not know; for tests that call nothing."""

    class Meta:
        model = models.Subscription

    division = SubFactory(DivisionFactory)
    topic = "Accounts"
    exact_id = LazyFunction(uuid4)
    callback_url = "https://postkamer.example/exact/webhook/1/"


class NoticeFactory(DjangoModelFactory[models.Notice]):
    """That a relation was changed; give `app=` and `division_code=` of a division of yours."""

    class Meta:
        model = models.Notice

    app = SubFactory(ExactAppFactory)
    content = Sequence(lambda n: f'{{"number":{n}}}')
    digest = LazyAttribute(lambda o: sha256(o.content.encode()).hexdigest())
    topic = "Accounts"
    action = "Update"
    key = LazyFunction(uuid4)
    received_at = LazyFunction(clock.now)


class OwnWriteFactory(DjangoModelFactory[models.OwnWrite]):
    class Meta:
        model = models.OwnWrite

    division = SubFactory(DivisionFactory)
    key = LazyFunction(uuid4)
    written_at = LazyFunction(clock.now)


class RightProbeFactory(DjangoModelFactory[models.RightProbe]):
    """That the user of the division's connection may do something."""

    class Meta:
        model = models.RightProbe

    division = SubFactory(DivisionFactory)
    connection = SelfAttribute("division.connection")
    endpoint = "crm/Accounts"
    allowed = True
    asked_at = LazyFunction(clock.now)


def _code_of(administration: Administration) -> int:
    division = models.Division.objects.filter(administration=administration).first()
    return division.code if division else 1


class DigitalMailboxFactory(DjangoModelFactory[models.DigitalMailbox]):
    """A mailbox that nobody asked for yet; give `administration=`, and `is_active` for one that takes documents."""

    class Meta:
        model = models.DigitalMailbox

    class Params:
        is_active = Trait(
            exact_id=LazyFunction(uuid4),
            for_division=LazyAttribute(lambda made: _code_of(made.administration)),
            state=models.MailboxState.ACTIVE,
        )

    administration = SubFactory(AdministrationFactory)
    address = Sequence(lambda n: f"{10_000_000 + n}@facturen.econnect.eu")


class SyncPlanFactory(DjangoModelFactory[models.SyncPlan]):
    class Meta:
        model = models.SyncPlan

    division = SubFactory(DivisionFactory)
    due_at = LazyFunction(clock.now)


class _MirroredFactory(DjangoModelFactory[M]):
    class Meta:
        abstract = True

    division = SubFactory(DivisionFactory)
    exact_id = LazyFunction(uuid4)


class RelationFactory(_MirroredFactory[models.Relation]):
    """A supplier without numbers."""

    class Meta:
        model = models.Relation

    code = Sequence(lambda n: f"{10_000 + n}")
    name = Sequence(lambda n: f"Supplier {n} B.V.")
    is_supplier = True
    country = "NL"


class BankAccountFactory(_MirroredFactory[models.BankAccount]):
    class Meta:
        model = models.BankAccount

    relation = LazyFunction(uuid4)
    iban = "NL91ABNA0417164300"


class ItemGroupFactory(_MirroredFactory[models.ItemGroup]):
    class Meta:
        model = models.ItemGroup

    code = Sequence(lambda n: f"GROUP{n}")


class SupplierItemFactory(_MirroredFactory[models.SupplierItem]):
    class Meta:
        model = models.SupplierItem

    item = LazyFunction(uuid4)
    supplier = LazyFunction(uuid4)


class ItemFactory(_MirroredFactory[models.Item]):
    class Meta:
        model = models.Item

    code = Sequence(lambda n: f"ITEM{n}")
    description = "Item"


class UnitFactory(_MirroredFactory[models.Unit]):
    class Meta:
        model = models.Unit

    code = "doos"
    description = "Doos"


class ExactOrderFactory(_MirroredFactory[models.ExactOrder]):
    """The header of an order."""

    class Meta:
        model = models.ExactOrder

    order_id = LazyFunction(uuid4)
    order_number = Sequence(lambda n: 26_500_000 + n)
    order_date = LazyFunction(clock.today)
    order_status = models.OrderStatus.OPEN
    receipt_status = models.OrderStatus.OPEN
    invoice_status = models.OrderStatus.OPEN


class GLAccountFactory(_MirroredFactory[models.GLAccount]):
    class Meta:
        model = models.GLAccount

    code = Sequence(lambda n: f"{4_000 + n}")
    description = "General costs"
    type = 121


class VATCodeFactory(_MirroredFactory[models.VATCode]):
    class Meta:
        model = models.VATCode

    code = Sequence(lambda n: f"V{n}")
    description = "BTW hoog, exclusief"
    type = "E"
    percentage = Decimal("0.21")
    transaction_type = "P"


class VATPercentageFactory(_MirroredFactory[models.VATPercentage]):
    class Meta:
        model = models.VATPercentage

    vat_code = LazyFunction(uuid4)
    percentage = Decimal("0.21")


class CostCenterFactory(_MirroredFactory[models.CostCenter]):
    class Meta:
        model = models.CostCenter

    code = Sequence(lambda n: f"KP{n}")
    description = "Cost centre"


class CostUnitFactory(_MirroredFactory[models.CostUnit]):
    class Meta:
        model = models.CostUnit

    code = Sequence(lambda n: f"KD{n}")
    description = "Cost unit"


class JournalFactory(_MirroredFactory[models.Journal]):
    """A purchase journal."""

    class Meta:
        model = models.Journal

    code = Sequence(lambda n: f"{60 + n}")
    description = "Inkoopboek"
    type = models.Journal.PURCHASE


class PaymentConditionFactory(_MirroredFactory[models.PaymentCondition]):
    class Meta:
        model = models.PaymentCondition

    code = Sequence(lambda n: f"B{n}")
    description = "30 days"
    payment_days = 30


class FinancialPeriodFactory(_MirroredFactory[models.FinancialPeriod]):
    class Meta:
        model = models.FinancialPeriod

    year = 2026
    period = 1
    start_date = date(2026, 1, 1)
    end_date = date(2026, 1, 31)


class LedgerLineFactory(_MirroredFactory[models.LedgerLine]):
    """The header of a purchase entry."""

    class Meta:
        model = models.LedgerLine

    entry_id = LazyFunction(uuid4)
    entry_number = Sequence(lambda n: 26_700_000 + n)
    date = LazyFunction(clock.today)
    journal = "60"
    amount = Decimal("-121.00")
