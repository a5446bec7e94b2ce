"""A kind of document that goes through the matrix, with all that a run must know of it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from django.db.models import QuerySet

from apps.core.states import State
from apps.exact.models import Division
from apps.invoices.models import Invoice
from apps.orders.models import PurchaseOrder
from apps.people.models import User
from apps.posting.kinds import Kind as Result
from apps.sandbox.models import Row
from tests.matrix.combinations import Combination, Step, all_of

Document = Invoice | PurchaseOrder


class Kind(ABC):
    """`result`: what one becomes in Exact; `steps`: the calls that this takes; `mirrors`: what is read for it first."""

    name: ClassVar[str]
    model: ClassVar[type[Document]]
    result: ClassVar[Result]
    steps: ClassVar[Sequence[Step]]
    mirrors: ClassVar[Sequence[str]]

    @abstractmethod
    def stock(self, code: int) -> None:
        """Put what it needs into division `code` of the sandbox, before anything of that is read."""

    @abstractmethod
    def take_in(self, division: Division, count: int) -> None:
        """Receive and code so many for `division`; what of them is agreed with goes to Exact."""

    @abstractmethod
    def agree(self, documents: Iterable[Document], by: User) -> None:
        """Let these proposals go to Exact."""

    @abstractmethod
    def differences(self, document: Document, row: Row) -> Iterator[str]:
        """Yield where what Exact made, in `row` and what hangs on it, differs from what came in."""

    def of(self, division: Division) -> QuerySet[Document]:
        """Return all that came in for `division`."""
        rows: QuerySet[Document] = self.model._default_manager.filter(
            administration=division.administration_id
        )
        return rows.order_by("pk")

    def proposed(self, division: Division) -> list[Document]:
        """Return what waits for somebody to agree."""
        return list(self.of(division).filter(state=State.PROPOSED))

    def done(self, keys: Iterable[int]) -> set[int]:
        """Return those of these `keys` that have come to their end."""
        rows = self.model._default_manager.filter(pk__in=keys, state=State.DONE)
        return set(rows.values_list("pk", flat=True))

    def combinations(self, every: int) -> list[Combination]:
        """Return each `every`th combination of its steps."""
        return all_of(self.steps)[::every]

    def __str__(self) -> str:
        return self.name
