"""Files are dropped and chosen, sent with their progress shown, and kept once, whatever a hand or a line does."""

import base64
import os
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import FilePayload, Page, expect

from apps.intake.models import Part, PartOutcome, Receipt
from apps.intake.opening import open_message
from apps.people.models import User
from tests.browser.conftest import needs_chromium
from tests.intake import zips

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]

ADDRESS = "admin:intake_receipt_upload"
DROP = """(area, files) => {
  const transfer = new DataTransfer();
  for (const [name, text] of files) {
    transfer.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], name));
  }
  for (const kind of ["dragover", "drop"]) {
    area.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }
}"""
NOTE = """() => new MutationObserver(() => window.noted(document.querySelector("[data-status]").textContent))
  .observe(document.querySelector("[data-status]"), { childList: true })"""


def drop(page: Page, *files: tuple[str, bytes]) -> None:
    encoded = [[name, base64.b64encode(content).decode()] for name, content in files]
    page.locator("[data-drop]").evaluate(DROP, encoded)


def slow(page: Page, **more: Any) -> None:
    """Let the line send a megabyte a second, and only that."""
    line = page.context.new_cdp_session(page)
    speed = {
        "offline": False,
        "latency": 0,
        "downloadThroughput": -1,
        "uploadThroughput": 1024 * 1024,
        **more,
    }
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", speed)


def test_dropped_and_chosen_files_are_sent_together_with_their_progress(page: Page, reviewer: User) -> None:
    noted: list[str] = []

    def note(words: str) -> None:
        noted.append(words)

    page.expose_function("noted", note)
    page.goto(reverse(ADDRESS))
    drop(
        page, ("a.xml", b"<a/>"), ("all.zip", zips.packed(("in.xml", b"<in/>"), ("__MACOSX/._in.xml", b"x")))
    )
    chosen = FilePayload(name="large.bin", mimeType="", buffer=os.urandom(2 * 1024 * 1024))
    page.locator("#id_documents").set_input_files([chosen])
    drop(page, ("none.xml", b""))
    listed = page.locator("[data-names] li")
    expect(listed).to_have_count(4)
    slow(page)
    page.evaluate(NOTE)
    page.locator("form[data-upload] button.pk-main").click()
    page.wait_for_url(f"**{reverse('admin:intake_receipt_changelist')}")
    assert any("%" in words and "100 %" not in words for words in noted), noted
    expect(page.get_by_text("none.xml")).to_be_visible()

    whole, loose = Receipt.objects.order_by("-pk")
    assert [part.filename for part in loose.parts.order_by("position")] == ["a.xml", "large.bin"]
    assert (whole.subject, whole.user, open_message(whole)) == ("all.zip", reviewer, 2)
    page.goto(reverse("admin:intake_receipt_change", args=(whole.pk,)))
    expect(page.get_by_text("in.xml", exact=True)).to_be_visible()
    assert Part.objects.get(filename="._in.xml").outcome == PartOutcome.IGNORED


def test_with_the_keyboard_alone_files_are_chosen_removed_and_sent(page: Page, tmp_path: Path) -> None:
    for name in ("a.xml", "b.xml"):
        (tmp_path / name).write_text(f"<{name}/>")
    page.goto(reverse(ADDRESS))
    chooses = page.locator("#id_documents")
    chooses.focus()
    expect(chooses).to_be_focused()
    with page.expect_file_chooser() as chooser:
        chooses.press("Enter")
    chooser.value.set_files([tmp_path / "a.xml", tmp_path / "b.xml"])
    listed = page.locator("[data-names] li")
    expect(listed).to_have_count(2)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(listed).to_have_count(1)
    examples = ("a[href$='example.xlsx']", "a[href$='example.csv']")
    for place in ("#id_administration", *examples, "button.pk-main"):
        page.keyboard.press("Tab")
        expect(page.locator(f"form[data-upload] {place}")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/change/")
    assert [part.filename for part in Part.objects.all()] == ["b.xml"]


def test_what_did_not_arrive_is_said_and_sent_again_without_coming_in_twice(page: Page) -> None:
    page.goto(reverse(ADDRESS))
    drop(page, ("a.xml", b"<a/>"))
    button = page.locator("form[data-upload] button.pk-main")

    def lose_the_answer(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route(f"**{reverse(ADDRESS)}", lose_the_answer)
    button.click()
    expect(page.locator("[data-errors] p")).to_have_count(1)
    assert Receipt.objects.count() == 1
    page.unroute(f"**{reverse(ADDRESS)}")
    button.click()
    page.wait_for_url("**/change/")
    assert Receipt.objects.count() == 1


def test_refused_files_are_named_and_the_page_stays(page: Page) -> None:
    page.goto(reverse(ADDRESS))
    drop(page, ("none.xml", b""))
    page.locator("form[data-upload] button.pk-main").click()
    expect(page.locator("[data-errors]")).to_contain_text("none.xml")
    expect(page.locator("[data-names] li")).to_have_count(1)
    assert not Receipt.objects.exists()
