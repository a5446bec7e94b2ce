"""One factory per model of apps.exact."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from apps.core import clock
from apps.exact import models


class ExactAppFactory(DjangoModelFactory):
    class Meta:
        model = models.ExactApp

    name = factory.Sequence(lambda n: f"Exact app {n}")
    base_url = factory.Sequence(lambda n: f"https://exact-{n}.example")
    client_id = factory.LazyFunction(lambda: str(uuid4()))
    client_secret = "a secret of a test"
    redirect_uri = "https://postkamer.example/exact/callback/"


class ConnectionFactory(DjangoModelFactory):
    """A chain that Exact does not know; for tests that call nothing."""

    class Meta:
        model = models.Connection

    app = factory.SubFactory(ExactAppFactory)
    exact_user = factory.LazyFunction(uuid4)
    user_name = factory.Sequence(lambda n: f"Exact user {n}")
    access_token = "access of a test"
    refresh_token = "refresh of a test"
    issued_at = factory.LazyFunction(clock.now)
    expires_at = factory.LazyAttribute(lambda o: o.issued_at + timedelta(seconds=600))
    connected_at = factory.SelfAttribute("issued_at")


class SignInFactory(DjangoModelFactory):
    class Meta:
        model = models.SignIn

    app = factory.SubFactory(ExactAppFactory)
    state = factory.LazyFunction(lambda: uuid4().hex)
    begun_at = factory.LazyFunction(clock.now)


class DivisionFactory(DjangoModelFactory):
    """A division of its own app; give `administration=` to link it."""

    class Meta:
        model = models.Division

    connection = factory.SubFactory(ConnectionFactory)
    app = factory.LazyAttribute(lambda o: o.connection.app if o.connection else ExactAppFactory())
    code = factory.Sequence(lambda n: 4_000_000 + n)
    name = factory.Sequence(lambda n: f"Division {n} B.V.")
    customer_name = factory.Sequence(lambda n: f"Client of division {n}")
    seen_at = factory.LazyFunction(clock.now)


class SyncStateFactory(DjangoModelFactory):
    class Meta:
        model = models.SyncState

    division = factory.SubFactory(DivisionFactory)
    resource = "relations"


class _MirroredFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    division = factory.SubFactory(DivisionFactory)
    exact_id = factory.LazyFunction(uuid4)


class RelationFactory(_MirroredFactory):
    """A supplier without numbers."""

    class Meta:
        model = models.Relation

    code = factory.Sequence(lambda n: f"{10_000 + n}")
    name = factory.Sequence(lambda n: f"Supplier {n} B.V.")
    is_supplier = True
    country = "NL"


class BankAccountFactory(_MirroredFactory):
    class Meta:
        model = models.BankAccount

    relation = factory.LazyFunction(uuid4)
    iban = "NL91ABNA0417164300"


class ItemFactory(_MirroredFactory):
    class Meta:
        model = models.Item

    code = factory.Sequence(lambda n: f"ITEM{n}")
    description = "Item"


class GLAccountFactory(_MirroredFactory):
    class Meta:
        model = models.GLAccount

    code = factory.Sequence(lambda n: f"{4_000 + n}")
    description = "General costs"
    type = 121


class VATCodeFactory(_MirroredFactory):
    class Meta:
        model = models.VATCode

    code = factory.Sequence(lambda n: f"V{n}")
    description = "BTW hoog, exclusief"
    type = "E"
    percentage = Decimal("0.21")
    transaction_type = "P"


class VATPercentageFactory(_MirroredFactory):
    class Meta:
        model = models.VATPercentage

    vat_code = factory.LazyFunction(uuid4)
    percentage = Decimal("0.21")


class CostCenterFactory(_MirroredFactory):
    class Meta:
        model = models.CostCenter

    code = factory.Sequence(lambda n: f"KP{n}")
    description = "Cost centre"


class CostUnitFactory(_MirroredFactory):
    class Meta:
        model = models.CostUnit

    code = factory.Sequence(lambda n: f"KD{n}")
    description = "Cost unit"


class JournalFactory(_MirroredFactory):
    """A purchase journal."""

    class Meta:
        model = models.Journal

    code = factory.Sequence(lambda n: f"{60 + n}")
    description = "Inkoopboek"
    type = models.Journal.PURCHASE


class PaymentConditionFactory(_MirroredFactory):
    class Meta:
        model = models.PaymentCondition

    code = factory.Sequence(lambda n: f"B{n}")
    description = "30 days"
    payment_days = 30


class FinancialPeriodFactory(_MirroredFactory):
    class Meta:
        model = models.FinancialPeriod

    year = 2026
    period = 1
    start_date = date(2026, 1, 1)
    end_date = date(2026, 1, 31)


class LedgerLineFactory(_MirroredFactory):
    """The header of a purchase entry."""

    class Meta:
        model = models.LedgerLine

    entry_id = factory.LazyFunction(uuid4)
    entry_number = factory.Sequence(lambda n: 26_700_000 + n)
    date = factory.LazyFunction(clock.today)
    journal = "60"
    amount = Decimal("-121.00")
