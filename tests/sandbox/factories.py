"""Rows of the simulated Exact, for tests that need many."""

from typing import Any

from factory.declarations import LazyAttribute, Sequence
from factory.django import DjangoModelFactory
from factory.helpers import lazy_attribute

from apps.sandbox.models import Fault, Row
from tests.sandbox.small_firm import HERE, key


class RowFactory(DjangoModelFactory[Row]):
    """A supplier; other resources by `resource` and `data`."""

    class Meta:
        model = Row
        database = "sandbox"

    class Params:
        number = Sequence(lambda n: n + 1)

    resource = "crm/Accounts"
    division = HERE
    timestamp = LazyAttribute(lambda row: 1_000_000 + row.number)
    key = LazyAttribute(lambda row: key(f"row {row.number}"))

    @lazy_attribute
    def data(self) -> dict[str, Any]:
        number = self.number
        return {
            "ID": self.key,
            "Code": str(50_000 + number),
            "Name": f"Leverancier {number:05}",
            "IsSupplier": True,
            "Blocked": False,
            "Modified": "2026-01-02T03:04:05",
            "Created": "2026-01-02",
        }


class FaultFactory(DjangoModelFactory[Fault]):
    """A fault armed for one call."""

    class Meta:
        model = Fault
        database = "sandbox"

    kind = "too_many"
