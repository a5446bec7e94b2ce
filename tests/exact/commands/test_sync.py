import json

import pytest
from django.core.management import CommandError, call_command

from apps.exact.models import Division
from apps.exact.resources import RESOURCES
from tests.clients.factories import AdministrationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_linked(division: Division) -> None:
    for code, slug in ((3100101, "one"), (3100102, "two")):
        Division.objects.filter(code=code).update(administration=AdministrationFactory(slug=slug))


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_one_json_line_per_administration_and_resource(
    two_linked: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("sync", "--json")
    printed = lines(capsys)
    assert [(line["administration"], line["resource"]) for line in printed] == [
        (slug, name) for slug in ("one", "two") for name in RESOURCES
    ]
    assert all(line.keys() == {"administration", "resource", "calls", "rows", "seconds"} for line in printed)
    unread = [(line["administration"], line["resource"]) for line in printed if not line["calls"]]
    assert unread == [("two", "purchase_orders")]  # its package has none


def test_only_the_administrations_that_were_named(
    two_linked: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("sync", "--administration", "two", "--json")
    assert {line["administration"] for line in lines(capsys)} == {"two"}
    call_command("sync", "--administration", "two")
    assert "two relations: 1 calls" in capsys.readouterr().out


def test_an_unknown_administration_is_an_error(two_linked: None) -> None:
    with pytest.raises(CommandError, match="three"):
        call_command("sync", "--administration", "three")
