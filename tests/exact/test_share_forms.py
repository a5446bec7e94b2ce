import pytest

from apps.clients.models import Administration, Package
from apps.exact.models import ExactApp
from apps.exact.registration import default_app
from apps.exact.share_forms import ShareLinkForm
from apps.people.models import Role, User
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import ExactAppFactory
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    made: User = UserFactory(role=Role.ADMINISTRATOR)
    return made


def filled(user: User, administration: Administration, **more: object) -> ShareLinkForm:
    return ShareLinkForm(
        {"administration": administration.pk, "language": "nl", "days": 7, **more}, user=user
    )


@pytest.mark.parametrize(
    ("package", "can"), [(Package.EXACT_ONLINE, True), (Package.EXACT_GLOBE, True), (Package.ACCEPT, False)]
)
def test_books_in_globe_can_be_connected_too(user: User, package: str, can: bool) -> None:
    assert filled(user, AdministrationFactory(package=package)).is_valid() is can


def test_with_one_registration_nothing_is_to_be_chosen(user: User) -> None:
    default_app()
    form = filled(user, AdministrationFactory())
    assert "app" not in form.fields
    assert form.is_valid()


def test_with_more_registrations_the_country_is_chosen(user: User) -> None:
    ours: ExactApp = default_app()
    belgium = ExactAppFactory()
    assert ShareLinkForm(user=user).fields["app"].initial == ours.pk
    form = filled(user, AdministrationFactory(), app=belgium.pk)
    assert form.is_valid()
    assert form.cleaned_data["app"] == belgium
    assert not filled(user, AdministrationFactory()).is_valid()
