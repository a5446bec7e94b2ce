"""The audit trail beside the original, on the document in Exact."""

from typing import Any

import pytest
from django.urls import reverse

from apps.clients.models import Administration
from apps.exact.models import Division
from apps.invoices.delivering import deliver
from apps.invoices.models import InExact, Invoice
from apps.invoices.trail_filing import CannotFile, file, filed, hindrance
from apps.people.models import Role
from apps.posting.models import Posting
from apps.sandbox import switches
from apps.sandbox.exact import documents, store
from tests import office
from tests.flows.conftest import BAKERY, TakeIn

pytestmark = pytest.mark.django_db
ATTACHMENTS = "documents/DocumentAttachments"


@pytest.fixture
def booked(bakery: Division, take_in: TakeIn) -> Invoice:
    switches.change(minute_limit=10_000)
    (invoice,) = take_in("01-zwaluw-bloem.xml")
    deliver(bakery, at_once=True)
    return again(invoice)


def again(invoice: Invoice) -> Invoice:
    rows = Invoice.objects.select_related(
        "posting__division", "part__original", "part__receipt", "administration"
    )
    return rows.get(pk=invoice.pk)


def trails() -> list[bytes]:
    rows = store.rows(ATTACHMENTS, BAKERY)
    return [
        bytes(documents.content(row.key) or b"")
        for row in rows
        if row.data["FileName"].startswith(("controlespoor", "audit-trail"))
    ]


def test_it_hangs_on_the_document_as_a_pdf(bakery: Division, booked: Invoice) -> None:
    name = file(booked, by="somebody")
    assert [one.is_there for one in filed(booked)] == [False]
    deliver(bakery)
    (there,) = filed(booked)
    assert (there.filename, there.is_there) == (name, True)
    (content,) = trails()
    assert content.startswith(b"%PDF-")
    event = again(booked).events.latest("pk")
    assert (event.who, name in event.why) == ("somebody", True)
    assert again(booked).done_at == booked.done_at


def test_what_exact_refuses_is_told_with_its_words_and_halts_nothing(
    bakery: Division, booked: Invoice
) -> None:
    assert booked.posting
    store.rows("documents/Documents", BAKERY).filter(key=booked.posting.steps["document"]["id"]).delete()
    file(booked, by="somebody")
    deliver(bakery)
    (there,) = filed(booked)
    assert (there.state, bool(there.words)) == ("refused", True)
    assert not Posting.objects.open().exists()


def test_what_is_not_in_exact_or_is_not_ours_has_no_place_for_it(booked: Invoice) -> None:
    booked.in_exact = InExact.DELETED
    with pytest.raises(CannotFile):
        file(booked, by="somebody")
    booked.in_exact = InExact.NOTHING
    assert not hindrance(booked)
    assert booked.posting
    booked.posting.steps = {}
    assert hindrance(booked)


def test_the_button_stands_on_the_page_of_the_trail(booked: Invoice) -> None:
    client = Administration.objects.get(division__code=BAKERY).client
    browser: Any = office.browser(office.person(Role.BOOKKEEPER, client))
    page, act = (
        reverse(f"admin:invoices_invoice_{name}", args=(booked.pk,)) for name in ("trail", "file_trail")
    )
    assert act in browser.get(page).content.decode()
    assert browser.get(act).status_code == 405
    assert browser.post(act, follow=True).status_code == 200
    assert len(filed(booked)) == 1
    partner: Any = office.browser(office.person(Role.PARTNER, client))
    assert act not in partner.get(page).content.decode()
    assert partner.post(act).status_code == 403
    stranger: Any = office.browser(office.person(Role.BOOKKEEPER))
    assert stranger.post(act).status_code == 404
