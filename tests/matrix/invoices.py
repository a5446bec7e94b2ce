"""Invoices in the matrix: e-invoices that become purchase entries."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

from apps.core import clock
from apps.exact.models import Division
from apps.intake.keeping import keep
from apps.invoices.models import Invoice
from apps.invoices.processing import process
from apps.invoices.reviewing import accept
from apps.people.models import User
from apps.posting.kinds import KINDS
from apps.posting.models import ENTRY
from apps.sandbox.models import Row
from tests.matrix import parties
from tests.matrix.combinations import LOOKED_FOR, WRITTEN_FIRST, Step
from tests.matrix.kind import Document, Kind
from tests.matrix.paper import invoice

ENTRIES, LEDGER = "purchaseentry/PurchaseEntries", "sync/Financial/TransactionLines"


class Invoices(Kind):
    """Each takes a document, one or two files and an entry; the ledger is read first."""

    name = "invoices"
    model = Invoice
    result = KINDS[ENTRY]
    steps: ClassVar = (
        *WRITTEN_FIRST,
        Step("entry", "POST", ENTRIES),
        *LOOKED_FOR,
        Step("look for an entry that is not there", "GET", ENTRIES, before=("dropped_before", ENTRIES)),
        Step("look for an entry that is there", "GET", ENTRIES, before=("dropped_answer", ENTRIES)),
        Step("ledger", "GET", LEDGER),
    )
    mirrors = ()

    def stock(self, code: int) -> None:
        """What there is suffices."""

    def take_in(self, division: Division, count: int) -> None:
        """Receive and code so many; every second has a PDF inside."""
        suppliers, customer = parties.suppliers(division.code), parties.customer(division.code)
        files = []
        for number in range(1, count + 1):
            name, supplier = f"M{division.code % 1000:03}-{number:04}", suppliers[number % len(suppliers)]
            content = invoice(name, clock.today(), supplier, customer, with_pdf=number % 2 == 0)
            files.append((f"{name}.xml", content))
        process(keep(files, channel="upload").pk)

    def agree(self, documents: Iterable[Document], by: User) -> None:
        """Accept these proposals as they are."""
        for each in documents:
            if isinstance(each, Invoice):
                accept(each, by=by, version=each.version)

    def differences(self, document: Document, row: Row) -> Iterator[str]:
        """Yield another reference than the invoice's number, and another supplier than was meant."""
        if isinstance(document, Invoice):
            said = (row.data["YourRef"], row.data["Supplier"])
            if said != (document.number, str(document.supplier)):
                yield f"it is of {said}"
