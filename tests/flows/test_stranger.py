"""Every address of the admin, walked by somebody who is not signed in and by another client's people."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.db.models import Model
from django.test import Client as Browser
from django.urls import NoReverseMatch, URLPattern, URLResolver, reverse

from apps.exact.models import Division
from apps.invoices.case_views import STEPS
from apps.invoices.models import Invoice
from apps.invoices.views import VERBS
from apps.items.models import ItemMapping, ItemQuestion
from apps.orders.models import PurchaseOrder
from apps.orders.views import VERBS as VERBS_OF_ORDERS
from apps.people.models import Role
from apps.vendors.models import Mapping, Question
from tests import office
from tests.office import Books

pytestmark = pytest.mark.django_db

MINE, THEIRS = "Ooievaar", "Zwijgzaam"
SAFE = {302, 403, 404, 405}


def patterns() -> Iterator[URLPattern]:
    """Yield every address pattern of the admin site."""
    waiting: list[Any] = list(admin.site.urls[0])
    while waiting:
        one = waiting.pop()
        if isinstance(one, URLResolver):
            waiting += one.url_patterns
        else:
            yield one


def addresses(of: Books) -> set[str]:
    """Return every address of the admin, filled in with each row of `of`."""
    found: set[str] = set()
    for pattern in patterns():
        if pattern.name:
            found.update(_filled(pattern, of))
    return found | {"/reports/", f"/reports/{of.client.slug}/"}


def _filled(pattern: URLPattern, of: Books) -> Iterator[str]:
    name = pattern.name or ""
    rows = [row for row in of.rows if name.startswith(row._meta.label_lower.replace(".", "_"))]
    places = _places(pattern)
    if not places:
        yield reverse(f"admin:{pattern.name}")
    for row in rows or of.rows[:1]:
        verbs = VERBS_OF_ORDERS if name.startswith("orders_") else VERBS
        for verb in verbs if "verb" in places else STEPS if "step" in places else [""]:
            values = [str(_value(place, row, of, verb)) for place in places]
            try:
                yield reverse(f"admin:{pattern.name}", args=values) if places else "/"
            except NoReverseMatch:
                continue


def _places(pattern: URLPattern) -> list[str]:
    if hasattr(pattern.pattern, "_route"):
        return list(pattern.pattern.converters)
    groups = re.compile(str(pattern.pattern))
    return list(groups.groupindex) or ["object_id", "version_id"][: groups.groups]


def _value(place: str, row: Model, of: Books, verb: str) -> Any:
    history = getattr(row, "history", None)
    known = {
        "object_id": row.pk,
        "key": of.division.pk,
        "verb": verb,
        "version_id": history.first().pk if history is not None else 1,
        "part_id": of.invoices["vendor"].part_id,
        "position": 1,
        "question_id": row.pk if isinstance(row, ItemQuestion) else of.question.pk,
        "mapping_id": (
            row.pk
            if isinstance(row, ItemMapping)
            else next(one.pk for one in of.rows if isinstance(one, Mapping))
        ),
        "case_id": of.case.pk,
        "replay_id": of.replay.pk,
        "link_id": row.pk,
        "item_question_id": of.item_question.pk,
        "form": "xlsx",
        "line_id": of.invoices["no_account"].lines.get().pk,
        "step": verb,
        "administration_id": of.administration.pk,
        "app_label": row._meta.app_label,
        "content_type_id": 1,
        "url": "nothing-here",
        "id": row.pk,
    }
    return known[place]


@pytest.fixture
def mine() -> Books:
    return office.books(MINE)


@pytest.fixture
def theirs() -> Books:
    return office.books(THEIRS)


def test_the_walk_covers_every_address(theirs: Books) -> None:
    walked = addresses(theirs)
    assert len(walked) > 250
    for model in admin.site._registry:
        name = model._meta.label_lower.replace(".", "_")
        assert reverse(f"admin:{name}_changelist") in walked


def test_somebody_not_signed_in_is_sent_to_the_sign_in_page(theirs: Books) -> None:
    browser = office.browser()
    for address in sorted(addresses(theirs)):
        for ask in (browser.get, browser.post):
            answer = ask(address, follow=True)
            assert answer.redirect_chain, address
            assert answer.redirect_chain[-1][0].startswith(reverse(settings.LOGIN_URL)), address


def moved() -> list[Any]:
    """Return where every document stands."""
    return [
        list(model._default_manager.order_by("pk").values_list("pk", "state", "version"))
        for model in (Invoice, PurchaseOrder)
    ]


@pytest.mark.parametrize("role", [Role.BOOKKEEPER, Role.REVIEWER, Role.PARTNER])
def test_people_of_another_client_see_nothing_of_it(role: str, mine: Books, theirs: Books) -> None:
    browser = office.browser(office.person(role, mine.client))
    before = moved()
    for address in sorted(addresses(theirs)):
        answer = browser.get(address)
        assert THEIRS not in _text(answer), address
        assert answer.status_code in {200, *SAFE}, (address, answer.status_code)
    for address in sorted(addresses(theirs)):
        if "/logout/" not in address:
            answer = browser.post(
                address,
                {
                    "version": 1,
                    "reason": "other",
                    "supplier": theirs.relation.exact_id,
                    "seen": "open",
                    "note": "no",
                },
            )
            assert THEIRS not in _text(answer), address
    assert moved() == before
    assert Division.objects.get(pk=theirs.division.pk).administration == theirs.administration
    assert theirs.case.history.count() == 1


@pytest.mark.parametrize("role", [Role.BOOKKEEPER, Role.REVIEWER, Role.PARTNER])
def test_a_row_of_another_client_cannot_be_opened(role: str, mine: Books, theirs: Books) -> None:
    browser = office.browser(office.person(role, mine.client))
    for row in theirs.rows:
        name = row._meta.label_lower.replace(".", "_")
        if isinstance(row, Question | ItemQuestion) or name == "exact_syncstate":
            continue  # a question has no page of its own; sync states stand below their division
        for page in ("change", "history", "delete"):
            answer = browser.get(reverse(f"admin:{name}_{page}", args=(row.pk,)))
            assert answer.status_code in SAFE, (name, page, answer.status_code)


def test_files_of_another_client_are_not_served(mine: Books, theirs: Books) -> None:
    browser = office.browser(office.person(Role.REVIEWER, mine.client))
    part = theirs.invoices["vendor"].part_id
    assert browser.get(reverse("admin:intake_part_original", args=(part,))).status_code == 404
    assert browser.get(reverse("admin:intake_part_attachment", args=(part, 1))).status_code == 404


def test_searching_suppliers_and_choosing_administrations_stays_within_ones_clients(
    mine: Books, theirs: Books
) -> None:
    browser = office.browser(office.person(Role.BOOKKEEPER, mine.client))
    search = reverse("admin:vendors_question_suppliers", args=(theirs.question.pk,))
    assert browser.get(search, {"q": THEIRS}).status_code == 404
    route = reverse("admin:invoices_invoice_act", args=(mine.invoices["vendor"].pk, "route"))
    browser.post(
        route, {"administration": theirs.administration.pk, "version": mine.invoices["vendor"].version}
    )
    mine.invoices["vendor"].refresh_from_db()
    assert mine.invoices["vendor"].administration == mine.administration
    choose = reverse("admin:invoices_invoice_act", args=(mine.invoices["vendor"].pk, "map"))
    browser.post(choose, {"supplier": str(theirs.relation.exact_id)})
    mine.question.refresh_from_db()
    assert mine.question.answered_at is None


def test_filters_name_only_what_one_may_see(mine: Books, theirs: Books) -> None:
    browser = office.browser(office.person(Role.REVIEWER, mine.client))
    for name in (
        "invoices_invoice",
        "rules_bookingrule",
        "vendors_mapping",
        "exact_relation",
        "items_itemmapping",
        "intake_receipt",
    ):
        text = _text(browser.get(reverse(f"admin:{name}_changelist")))
        assert THEIRS not in text, name
        assert MINE in text, name


def test_asking_a_list_for_another_client_by_its_key_shows_nothing(mine: Books, theirs: Books) -> None:
    browser = office.browser(office.person(Role.BOOKKEEPER, mine.client))
    for query in (
        f"administration__id__exact={theirs.administration.pk}",
        f"administration__client__id__exact={theirs.client.pk}",
        f"q={THEIRS}",
    ):
        text = _text(browser.get(f"{reverse('admin:invoices_invoice_changelist')}?stage=all&{query}"))
        assert f"{THEIRS} vendor" not in text, query
        assert f"{MINE} vendor" not in text, query


def test_somebody_without_clients_sees_an_empty_office(theirs: Books) -> None:
    browser = office.browser(office.person(Role.BOOKKEEPER))
    for address in (
        "/",
        reverse("admin:invoices_invoice_changelist"),
        reverse("admin:vendors_question_changelist"),
    ):
        answer = browser.get(address)
        assert answer.status_code == 200
        assert THEIRS not in _text(answer)


def test_an_inactive_person_gets_in_nowhere(theirs: Books) -> None:
    user = office.person(Role.BOOKKEEPER, theirs.client)
    browser: Browser = office.browser(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    assert browser.get("/").status_code == 302


def _text(answer: Any) -> str:
    return "" if answer.streaming else answer.content.decode()
