"""An order sheet and a UBL order come in by every door and are handed on, none is dropped or taken for junk."""

import io
import zipfile
from collections.abc import Callable

import pytest

from apps.intake import keeping
from apps.intake.models import Channel, Part, PartKind, PartOutcome, Receipt
from apps.invoices.processing import process
from tests.intake import mails
from tests.intake.order_samples import sample

pytestmark = pytest.mark.django_db

NAMES = ("zwaluw-order.xml", "zwaluw-sheet.xlsx", "zwaluw-sheet.csv")


def by_mail(name: str) -> Receipt:
    made = mails.message(subject="Bestelling")
    mails.attach(made, sample(name), name, "text/csv" if name.endswith("csv") else "application/octet-stream")
    return keeping.keep_message(made.as_bytes(), channel=Channel.MAIL)


def by_zip(name: str) -> Receipt:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(f"orders/{name}", sample(name))
    return keeping.keep_message(out.getvalue(), channel=Channel.UPLOAD, subject="orders.zip")


def alone(name: str) -> Receipt:
    return keeping.keep([(name, sample(name))], channel=Channel.FOLDER)


@pytest.mark.parametrize("door", [by_mail, by_zip, alone])
@pytest.mark.parametrize("name", NAMES)
def test_an_order_is_handed_on_by_every_door(door: Callable[[str], Receipt], name: str) -> None:
    receipt = door(name)
    process(receipt.pk)
    part = receipt.parts.get(filename=name)
    assert (part.outcome, part.kind) == (PartOutcome.RECEIVED, PartKind.ORDER)
    assert list(Part.objects.orders_to_read()) == [part]
    assert part.original.content() == sample(name)
