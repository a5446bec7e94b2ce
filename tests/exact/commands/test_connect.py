import pytest
from django.core.management import CommandError, call_command

from apps.exact.models import Connection, Division
from apps.exact.visitor import Visitor

pytestmark = pytest.mark.django_db


def test_the_printed_address_and_the_way_back_make_a_connection(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("connect")
    back = Visitor().consent(capsys.readouterr().out.strip(), divisions=[3100101, 3100301])
    call_command("connect", redirect=back)
    printed = capsys.readouterr().out
    assert "3100301  Stichting Kunsthal Zuid" in printed
    assert Connection.objects.get().owner is None
    assert Division.objects.count() == 2


def test_an_address_that_leads_nowhere_is_an_error_in_words() -> None:
    with pytest.raises(CommandError, match="Begin again"):
        call_command("connect", redirect="http://127.0.0.1:8000/exact/callback/?code=x&state=y")
