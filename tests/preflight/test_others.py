import pytest

from apps.core import clock
from apps.preflight import others
from tests.people.factories import UserFactory
from tests.preflight.factories import PreflightFactory


@pytest.mark.django_db
def test_what_a_person_saw_is_kept_with_name_and_day() -> None:
    kept, person = PreflightFactory(), UserFactory()
    others.say(kept, active=True, by=person)
    kept.refresh_from_db()
    assert kept.others_active is True
    assert kept.others_said.startswith(str(person))
    assert str(clock.today().year) in kept.others_said
