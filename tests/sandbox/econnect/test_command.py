"""`manage.py sandbox --receive`."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.sandbox.econnect import network
from tests.sandbox.econnect.driver import BAKERY, INVOICE, Econnect
from tests.shared import ROOT

SAMPLE = ROOT / "fixtures/documents/01-zwaluw-bloem.xml"


def receive(file: Path, *options: str) -> dict[str, object]:
    out = StringIO()
    call_command("sandbox", "--receive", str(file), *options, stdout=out)
    told: dict[str, object] = json.loads(out.getvalue())
    return told


def test_a_file_arrives_for_the_receiver_it_names(econnect: Econnect) -> None:
    econnect.hook("mailto:in@postkamer.example", "*")
    told = receive(SAMPLE)
    assert (told["party"], told["calls"]) == (BAKERY, 1)
    assert econnect.download(str(told["document_id"])).content == SAMPLE.read_bytes()


def test_party_and_family_can_be_named(econnect: Econnect, tmp_path: Path) -> None:
    file = tmp_path / "order.xml"
    file.write_bytes(INVOICE)
    told = receive(file, "--party", "NL:KVK:70349243", "--family", "order")
    document = network.document(str(told["document_id"]))
    assert (document.party.party_id, document.family) == ("0106:70349243", "order")


def test_what_goes_wrong_is_said_in_a_sentence(econnect: Econnect, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        receive(tmp_path / "nothing.xml")
    file = tmp_path / "invoice.xml"
    file.write_bytes(INVOICE)
    with pytest.raises(CommandError, match="There is no party ''"):
        receive(file)
    assert network.documents() == []
