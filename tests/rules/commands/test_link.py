import pytest
from django.core.management import CommandError, call_command

from apps.clients.models import Administration, Client, Mode
from apps.exact import mirror
from apps.exact.models import Division
from apps.rules.models import VATTable
from apps.sandbox import faults
from tests.clients.factories import AdministrationFactory

pytestmark = pytest.mark.django_db


def test_all_divisions_become_administrations_that_book_automatically(
    division: Division, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("link", "--all", "--accept-proposals")
    assert Administration.objects.count() == 4
    assert Client.objects.count() == 3
    assert set(Administration.objects.values_list("mode", flat=True)) == {Mode.AUTOMATIC}
    journals = dict(Administration.objects.values_list("division__code", "purchase_journal"))
    assert len(set(journals.values())) == 4 and all(journals.values())
    assert not VATTable.objects.filter(confirmed_at=None).exists()
    assert VATTable.objects.filter(administration__division__code=3100101).count() >= 10
    assert "bank_accounts" in capsys.readouterr().out


def test_linking_all_again_changes_nothing_and_reads_nothing(
    division: Division, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("link", "--all")
    capsys.readouterr()
    call_command("link", "--all")
    assert " calls, " not in capsys.readouterr().out
    assert Administration.objects.count() == 4


def test_one_division_and_an_administration_that_is_there(division: Division) -> None:
    AdministrationFactory(slug="ours")
    call_command("link", "--division", "3100101", "--administration", "ours")
    administration = Administration.objects.get()
    assert administration.division.code == 3100101
    assert administration.mode == Mode.PROPOSE
    assert administration.purchase_journal == ""
    assert administration.vat_table.filter(confirmed_at=None).exists()
    assert not mirror.is_empty(administration.division)


def test_one_division_as_a_new_administration(division: Division) -> None:
    call_command("link", "--division", "3100102", "--create")
    assert Administration.objects.get().slug == "de-gouden-aar-vastgoed-bv"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--division", "3100101", "--administration", "nobody"], "No administration"),
        (["--division", "9", "--create"], "No such division"),
        (["--division", "3100101"], "Say which administration"),
        (["--all", "--administration", "ours"], "leave --administration out"),
        ([], "required"),
    ],
)
def test_what_cannot_be_done_is_said(division: Division, arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("link", *arguments)


def test_a_division_that_is_taken_is_refused(division: Division) -> None:
    Division.objects.filter(pk=division.pk).update(administration=AdministrationFactory(name="Theirs B.V."))
    AdministrationFactory(slug="ours")
    with pytest.raises(CommandError, match=r"Theirs B.V. already"):
        call_command("link", "--division", "3100101", "--administration", "ours")


def test_proposals_are_not_accepted_when_the_journal_could_not_be_read(division: Division) -> None:
    faults.arm("error_before_commit", path="financial/Journals", status=503)
    with pytest.raises(CommandError, match="journal"):
        call_command("link", "--division", "3100101", "--create", "--accept-proposals")
    assert Administration.objects.get().mode == Mode.PROPOSE


def test_a_division_is_linked_as_a_test(division: Division) -> None:
    AdministrationFactory(slug="ours")
    call_command("link", "--division", "3100102", "--administration", "ours", "--test")
    assert Division.objects.get(code=3100102).is_test
    assert Administration.objects.get().division.code == 3100102


def test_what_is_linked_already_is_not_made_a_test_by_the_way(division: Division) -> None:
    division.administration = AdministrationFactory(slug="ours")
    division.save(update_fields=["administration"])
    with pytest.raises(CommandError, match="on its page"):
        call_command("link", "--division", "3100101", "--administration", "ours", "--test")
    with pytest.raises(CommandError, match="one division"):
        call_command("link", "--all", "--test")
    assert not Division.objects.filter(is_test=True).exists()
