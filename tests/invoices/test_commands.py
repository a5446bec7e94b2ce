"""The commands: their lines and objects are a contract, and so is how they end."""

import json
import logging
import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from apps.clients.models import Administration, Mode
from apps.exact.models import Connection
from apps.intake.keeping import keep
from apps.intake.models import Channel, Part
from apps.invoices.models import Invoice, State, WaitsFor
from apps.sandbox import faults
from tests.clients.factories import AdministrationFactory
from tests.flows.conftest import BAKERY, link
from tests.invoices.conftest import Books, coded
from tests.invoices.documents import xml
from tests.invoices.factories import InvoiceFactory
from tests.shared import CORPUS, needs_corpus

pytestmark = pytest.mark.django_db


def run(*arguments: object) -> str:
    out = StringIO()
    call_command(*map(str, arguments), stdout=out, stderr=StringIO())
    return out.getvalue()


def lines(*arguments: object) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(*arguments).splitlines()]


# receive


def test_receive_prints_one_line_for_each_file(books: Books, tmp_path: Path) -> None:
    for name, content in (("a.xml", xml()), ("b.xml", xml()), ("c.pdf", b"%PDF")):
        (tmp_path / name).write_bytes(content)
    found = lines("receive", tmp_path / "c.pdf", tmp_path / "a.xml", tmp_path / "b.xml", "--json")
    assert [(Path(one["file"]).name, one["outcome"]) for one in found] == [
        ("c.pdf", "rejected"),
        ("a.xml", "invoice"),
        ("b.xml", "duplicate"),
    ]
    assert found[1]["status"] == "READY"
    assert {part.receipt.channel for part in Part.objects.all()} == {Channel.COMMAND}


def test_receive_takes_folders_with_all_that_is_in_them(books: Books, tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "a.xml").write_bytes(xml(number="1"))
    (tmp_path / "deep" / "b.xml").write_bytes(xml(number="2"))
    assert [one["outcome"] for one in lines("receive", tmp_path, "--json")] == ["invoice", "invoice"]


@needs_corpus
def test_every_file_of_the_corpus_gets_an_outcome(books: Books, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        found = lines("receive", CORPUS / "invoices", "--administration", books.administration.slug, "--json")
    assert len(found) == Part.objects.count() == sum(path.is_file() for path in CORPUS.rglob("invoices/**/*"))
    assert {one["outcome"] for one in found} == {"invoice", "duplicate", "rejected"}
    assert all(one["reason"] for one in found if one["outcome"] != "invoice")
    assert all(one["number"] and one["payable"] for one in found if one["outcome"] != "rejected")
    assert not Invoice.objects.filter(state=State.RECEIVED).exists()
    assert caplog.text == ""


def test_receive_may_be_told_for_whom(tmp_path: Path) -> None:
    administration = AdministrationFactory(slug="bakery")
    (tmp_path / "a.xml").write_bytes(xml())
    (found,) = lines("receive", tmp_path, "--administration", "bakery", "--json")
    assert found["administration"] == "bakery"
    assert Invoice.objects.get().administration == administration


def test_receive_reads_for_people_as_well(books: Books, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(xml())
    assert run("receive", tmp_path / "a.xml").strip().endswith("a.xml: invoice READY")


def test_receive_says_what_it_could_not_open_and_takes_the_rest(books: Books, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(xml())
    with pytest.raises(CommandError, match="1"):
        run("receive", tmp_path / "missing.xml", tmp_path / "a.xml", "--json")
    assert Invoice.objects.count() == 1


def test_an_unknown_administration_is_said_before_anything_is_taken_in(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(xml())
    for command in (("receive", tmp_path), ("deliver",)):
        with pytest.raises(CommandError, match="nowhere"):
            run(*command, "--administration", "nowhere")
    assert not Part.objects.exists()


def test_a_file_name_that_is_no_text_is_shown_as_well_as_can_be(books: Books, tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"factuur-\xff.xml")).write_bytes(xml())
    (found,) = lines("receive", tmp_path, "--json")
    assert found["file"].endswith("factuur-\ufffd.xml")
    assert found["outcome"] == "invoice"


# process and status


def test_process_reads_and_codes_what_waits(books: Books) -> None:
    keep([("a.xml", xml())], channel=Channel.UPLOAD)
    assert run("process") == "1 parts read\n"
    assert Invoice.objects.get().state == State.READY


def test_status_is_one_object(books: Books) -> None:
    coded(xml())
    (found,) = lines("status", "--json")
    assert found == {
        "states": {"READY": 1},
        "causes": {},
        "parts": {"document": 1},
        "administrations": [{"slug": books.administration.slug, "states": {"READY": 1}, "causes": {}}],
    }


def test_status_reads_for_people_as_well(books: Books) -> None:
    coded(xml(day="2031-01-01"))
    text = run("status")
    assert "ATTENTION" in text
    assert "period_closed" in text


# accept


@pytest.fixture
def proposed(books: Books) -> list[Invoice]:
    Administration.objects.update(mode=Mode.PROPOSE)
    return [coded(xml(number=str(n))) for n in range(3)]


def states() -> list[str]:
    return list(Invoice.objects.order_by("pk").values_list("state", flat=True))


def test_accept_takes_the_named_documents(proposed: list[Invoice]) -> None:
    assert run("accept", proposed[0].pk, proposed[2].pk) == "2 accepted\n"
    assert states() == [State.READY, State.PROPOSED, State.READY]
    assert proposed[0].events.latest("pk").who == "command line"


def test_accept_takes_all_that_is_proposed_and_nothing_else(proposed: list[Invoice]) -> None:
    waiting = InvoiceFactory(state=State.ATTENTION, cause="no_vat_code")
    assert run("accept", "--all") == "3 accepted\n"
    waiting.refresh_from_db()
    assert waiting.state == State.ATTENTION


def test_accept_says_what_it_could_not_and_does_the_rest(proposed: list[Invoice]) -> None:
    other = InvoiceFactory(state=State.ATTENTION, cause="no_vat_code")
    with pytest.raises(CommandError) as problem:
        run("accept", proposed[0].pk, other.pk, 999_999)
    assert str(other.pk) in str(problem.value)
    assert "999999" in str(problem.value)
    assert states()[0] == State.READY


@pytest.mark.parametrize("named", [(), ("0",), ("-1",), (str(2**63),), ("one",)])
def test_accept_must_be_told_what(named: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        run("accept", *named)


# deliver


def test_deliver_books_now_and_tells_each_division(connected: Connection) -> None:
    bakery = link(BAKERY)
    sample = Path("fixtures/documents/01-zwaluw-bloem.xml").read_bytes()
    invoice = coded(sample)
    assert (invoice.state, invoice.waits_for) == (State.READY, WaitsFor.HOLD_BACK)
    (found,) = lines("deliver", "--json")
    assert list(found)[:2] == ["administration", "division"]
    assert (found["administration"], found["division"], found["done"]) == (bakery.slug, BAKERY, 1)
    invoice.refresh_from_db()
    assert invoice.state == State.DONE
    assert lines("deliver", "--json") == []


def test_deliver_waits_for_the_outcome_of_what_stayed_without_an_answer(
    connected: Connection, settings: Settings
) -> None:
    settings.SETTLE_SECONDS = 0
    bakery = link(BAKERY)
    coded(Path("fixtures/documents/01-zwaluw-bloem.xml").read_bytes())
    faults.arm("dropped_before", method="POST", path="documents/Documents")
    text = run("deliver", "--administration", bakery.slug)
    assert "done 1" in text
    assert Invoice.objects.get().state == State.DONE
