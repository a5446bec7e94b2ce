"""What is going to come in, through which door, with which fault, and what must become of each part. From a seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from tests.intake.samples import replaced
from tests.invoices.documents import xml

ADMINISTRATIONS = 12
VENDORS = 40
PDF_HEAD, LOGO = b"%PDF-1.4\n", b"\x89PNG\r\n\x1a\n" + b"logo" * 40


class Door(StrEnum):
    """The ways in, with how many of a hundred arrivals take each."""

    PEPPOL = "peppol"
    MAIL = "mail"
    FOLDER = "folder"
    UPLOAD = "upload"


SHARES = {Door.PEPPOL: 40, Door.MAIL: 30, Door.FOLDER: 15, Door.UPLOAD: 15}
AGAIN = 8  # of a hundred arrivals repeat an invoice that came before


class Fault(StrEnum):
    """What goes wrong with an arrival on purpose."""

    NONE = ""
    DOUBLED_HOOK = "doubled hook"
    LOST_HOOK = "lost hook"
    BROKEN_DOWNLOAD = "broken download"
    LOST_REMOVAL = "lost answer of a removal"
    DROPPED_LINE = "dropped connection"
    DOUBLED_UPLOAD = "upload pressed twice"
    CORRUPT = "corrupt file"


FAULTS = {
    Door.PEPPOL: (
        Fault.DOUBLED_HOOK,
        Fault.LOST_HOOK,
        Fault.BROKEN_DOWNLOAD,
        Fault.LOST_REMOVAL,
        Fault.CORRUPT,
    ),
    Door.MAIL: (Fault.DROPPED_LINE, Fault.CORRUPT),
    Door.FOLDER: (Fault.CORRUPT,),
    Door.UPLOAD: (Fault.DOUBLED_UPLOAD, Fault.CORRUPT),
}


@dataclass(frozen=True)
class Invoice:
    """One invoice of the run: for which administration, and its bytes."""

    administration: int
    number: str
    content: bytes


@dataclass(frozen=True)
class File:
    """A file of an arrival: `becomes` is the outcome that its part must have ("" for a first or repeated document)."""

    name: str
    content: bytes
    becomes: str = ""
    invoice: Invoice | None = None


@dataclass(frozen=True)
class Arrival:
    """What comes in at once."""

    number: int
    door: Door
    administration: int
    files: tuple[File, ...]
    fault: Fault = Fault.NONE


@dataclass
class Plan:
    """All arrivals of a run, in order, and which invoices they carry."""

    arrivals: list[Arrival] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)


def kvk(administration: int) -> str:
    """Return the chamber of commerce number of an administration of the run."""
    return f"{52000000 + administration * 101}"


def make(receipts: int, *, faults: int, seed: int) -> Plan:
    """Return a plan of `receipts` arrivals, `faults` of a hundred with a fault; the same for the same seed."""
    dice, plan = random.Random(seed), Plan()  # noqa: S311 - nothing secret
    for number, door in enumerate(_doors(receipts, dice)):
        fault = dice.choice(FAULTS[door]) if dice.random() * 100 < faults else Fault.NONE
        repeated = plan.invoices and fault == Fault.NONE and dice.random() * 100 < AGAIN
        invoice = dice.choice(plan.invoices) if repeated else _invoice(number, dice)
        files = tuple(_files(number, door, invoice, fault, dice))
        plan.arrivals.append(Arrival(number, door, invoice.administration, files, fault))
        if not repeated and fault != Fault.CORRUPT:
            plan.invoices.append(invoice)
    return plan


def _doors(receipts: int, dice: random.Random) -> list[Door]:
    return dice.choices(list(SHARES), weights=list(SHARES.values()), k=receipts)


def _invoice(number: int, dice: random.Random) -> Invoice:
    administration, vendor = dice.randrange(ADMINISTRATIONS), dice.randrange(VENDORS)
    content = xml(
        number=f"R{number:06d}",
        net=f"{dice.randrange(1_000, 900_000) / 100:.2f}",
        vendor=f"Leverancier {vendor}",
        kvk=f"{61000000 + vendor * 37}",
        vat="",
        receiver=kvk(administration),
    )
    return Invoice(administration, f"R{number:06d}", content)


def _files(number: int, door: Door, invoice: Invoice, fault: Fault, dice: random.Random) -> Iterator[File]:
    """Yield the files: the e-invoice, in a mail often with its PDF and a logo, in a folder sometimes with its PDF."""
    stem = f"{invoice.number}-{number}"
    if fault == Fault.CORRUPT:
        half = invoice.content[: len(invoice.content) * 2 // 3]
        yield File(
            f"{stem}.xml", replaced(half.decode(), invoice.number, f"K{number:06d}").encode(), "rejected"
        )
        return
    yield File(f"{stem}.xml", invoice.content, invoice=invoice)
    if door == Door.MAIL and dice.random() < 0.5:
        yield File(f"{stem}.pdf", PDF_HEAD + stem.encode(), "attachment")
        yield File("logo.png", LOGO, "ignored")
    elif door in (Door.FOLDER, Door.UPLOAD) and dice.random() < 0.3:
        yield File(f"{stem}.pdf", PDF_HEAD + stem.encode(), "attachment")
