"""What happens to the rules of an administration when its mirrors were read."""

from apps.clients.models import Mode
from apps.exact import linking, mirror
from apps.exact.models import Division
from apps.rules import tasks


def test_a_division_linked_in_the_browser_gets_its_proposals_after_the_first_sync(division: Division) -> None:
    administration = linking.create_for(division)
    mirror.sync(division)
    tasks.propose(division.pk)
    administration.refresh_from_db()
    assert administration.purchase_journal == "60"
    assert administration.mode == Mode.PROPOSE
    proposed = administration.vat_table.filter(scenario="nl_high")
    assert [(row.vat_code, row.confirmed_at) for row in proposed] == [("2", None)]


def test_a_journal_that_a_person_chose_stays(division: Division) -> None:
    administration = linking.create_for(division)
    administration.purchase_journal = "61"
    administration.save(update_fields=["purchase_journal"])
    mirror.sync(division)
    tasks.propose(division.pk)
    administration.refresh_from_db()
    assert administration.purchase_journal == "61"


def test_a_division_without_an_administration_is_left_alone(division: Division) -> None:
    tasks.propose(division.pk)
    assert division.administration is None
