"""Import and export of mappings in the browser."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from apps.people.models import Role
from apps.vendors import exchange, exchange_views
from apps.vendors.models import Mapping
from tests import office
from tests.office import Books
from tests.vendors.factories import MappingFactory

pytestmark = pytest.mark.django_db

IMPORT, CONFIRM = "/vendors/mapping/import/", "/vendors/mapping/import/confirm/"
EXPORTS = ("/vendors/mapping/export.csv", "/vendors/mapping/export.xlsx")
HEADER = "Administratie;Soort;Waarde;Crediteurcode"


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


@pytest.fixture
def bookkeeper(books: Books) -> Any:
    return office.browser(office.person(Role.BOOKKEEPER, books.client))


def upload(browser: Any, *rows: str, name: str = "list.csv") -> Any:
    content = "\r\n".join([HEADER, *rows]).encode("cp1252")
    return browser.post(IMPORT, {"document": SimpleUploadedFile(name, content)})


def row(books: Books, value: str = "72345678") -> str:
    return f"{books.administration.slug};kvk;{value};{books.relation.code}"


def text_of(answer: Any) -> str:
    content = b"".join(answer.streaming_content)
    if content.startswith(b"PK"):
        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        return "\n".join(";".join(str(cell or "") for cell in cells) for cells in sheet.values)
    return content.decode("utf-8-sig")


@pytest.mark.parametrize("address", EXPORTS)
def test_an_export_holds_what_one_may_see_and_nothing_else(
    address: str, books: Books, bookkeeper: Any
) -> None:
    office.books("Zwijgzaam")
    answer = bookkeeper.get(address)
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    text = text_of(answer)
    assert "Ooievaar-number" in text
    assert "Zwijgzaam" not in text


@pytest.mark.parametrize("address", EXPORTS)
def test_an_export_of_one_administration(address: str, books: Books) -> None:
    other = office.books("Zwijgzaam")
    administrator = office.browser(office.person(Role.ADMINISTRATOR))
    text = text_of(administrator.get(f"{address}?administration__id__exact={other.administration.pk}"))
    assert "Zwijgzaam" in text
    assert "Ooievaar" not in text
    assert "Ooievaar" in text_of(administrator.get(f"{address}?administration__id__exact=x"))


def test_somebody_without_clients_takes_nothing_along(books: Books) -> None:
    stranger = office.browser(office.person(Role.PARTNER))
    for address in EXPORTS:
        assert text_of(stranger.get(address)).count("\n") <= 1
    assert stranger.get(IMPORT).status_code == 403
    assert stranger.post(CONFIRM).status_code == 403


def test_the_list_of_mappings_has_the_buttons_of_who_may_press_them(books: Books, bookkeeper: Any) -> None:
    shown = bookkeeper.get("/vendors/mapping/?administration__id__exact=7").content.decode()
    assert f'href="{IMPORT}"' in shown
    assert f"{EXPORTS[1]}?administration__id__exact=7" in shown
    partner = office.browser(office.person(Role.PARTNER, books.client)).get("/vendors/mapping/")
    assert IMPORT not in partner.content.decode()
    assert EXPORTS[0] in partner.content.decode()


def test_a_list_is_shown_first_and_remembered_when_it_is_confirmed(books: Books, bookkeeper: Any) -> None:
    assert bookkeeper.get(IMPORT).status_code == 200
    answer = upload(bookkeeper, row(books), row(books, "12"))
    shown = answer.content.decode()
    assert "Remember 1 mapping" in shown
    assert "cannot be a number of this kind" in shown
    assert not Mapping.objects.filter(value="72345678").exists()
    values = {"list": answer.context["token"]}
    done = bookkeeper.post(CONFIRM, values, follow=True)
    assert done.redirect_chain == [(reverse("admin:vendors_mapping_changelist"), 302)]
    assert "1 mapping is remembered" in done.content.decode()
    mapping = Mapping.objects.get(value="72345678")
    assert mapping.history.first().history_user is not None
    again = bookkeeper.post(CONFIRM, values, follow=True)
    assert "0 mappings are remembered" in again.content.decode()


def test_what_changed_meanwhile_is_shown_and_left(books: Books, bookkeeper: Any) -> None:
    token = upload(bookkeeper, row(books)).context["token"]
    MappingFactory(administration=books.administration, value="72345678", supplier_name="Theirs B.V.")
    shown = bookkeeper.post(CONFIRM, {"list": token}).content.decode()
    assert "1 row would do something else now" in shown
    assert "Theirs B.V. becomes" in shown
    assert Mapping.objects.get(value="72345678").supplier_name == "Theirs B.V."


def test_a_long_list_goes_on_with_a_press(
    books: Books, bookkeeper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.vendors.bringing_in.AT_ONCE", 1)
    token = upload(bookkeeper, row(books), row(books, "72345679")).context["token"]
    assert "1 row of the list is still to do" in bookkeeper.post(CONFIRM, {"list": token}).content.decode()
    assert bookkeeper.post(CONFIRM, {"list": token}).status_code == 302
    assert Mapping.objects.filter(value__startswith="7234567").count() == 2


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["a;b"], "There is no administration with the short name"),
        ([], "no row below it"),
    ],
)
def test_a_list_that_does_not_do_is_said_why(rows: list[str], words: str, bookkeeper: Any) -> None:
    assert words in upload(bookkeeper, *rows).content.decode()


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"", b"PK\x03\x04junk", b"x" * (5 * 1024 * 1024 + 1)])
def test_a_file_that_is_no_list_is_refused(content: bytes, bookkeeper: Any) -> None:
    answer = bookkeeper.post(IMPORT, {"document": SimpleUploadedFile("x.xlsx", content)})
    assert answer.status_code == 200
    assert "pk-error" in answer.content.decode()


def test_text_of_a_list_is_never_markup(bookkeeper: Any) -> None:
    shown = upload(bookkeeper, "<script>x</script>;kvk;<b>1</b>;2").content.decode()
    assert "<script>x" not in shown
    assert "&lt;script&gt;x" in shown


def test_a_list_of_somebody_else_or_an_old_one_is_not_at_hand(books: Books, bookkeeper: Any) -> None:
    token = upload(bookkeeper, row(books)).context["token"]
    colleague = office.browser(office.person(Role.REVIEWER, books.client))
    answer = colleague.post(CONFIRM, {"list": token}, follow=True)
    assert "not at hand any more" in answer.content.decode()
    assert not Mapping.objects.filter(value="72345678").exists()
    assert colleague.get(CONFIRM).status_code == 405


def test_the_page_shows_the_first_rows_of_a_long_list_and_what_is_wrong_before_all(
    books: Books, bookkeeper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange_views, "SHOWN", 2)
    shown = upload(bookkeeper, row(books), row(books, "72345679"), row(books, "1")).content.decode()
    assert "1 more row is not shown" in shown
    assert "cannot be a number of this kind" in shown
    assert exchange.COLUMNS.needed
