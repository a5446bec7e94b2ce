"""Numbers of administrations, as administrators fill them in."""

import pytest

from apps.clients.forms import IdentifierForm
from tests.clients.factories import AdministrationFactory

pytestmark = pytest.mark.django_db


def filled(kind: str, value: str) -> IdentifierForm:
    form = IdentifierForm({"administration": AdministrationFactory().pk, "kind": kind, "value": value})
    form.full_clean()
    return form


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("kvk", "KvK 51439807", "51439807"),
        ("vat", "nl 8976.20.458.b01", "NL897620458B01"),
        ("iban", "NL47 BUNQ 0649 6214 11", "NL47BUNQ0649621411"),
        ("domain", "info@Kantoor.example", "kantoor.example"),
    ],
)
def test_a_number_is_stored_in_its_normal_form(kind: str, typed: str, stored: str) -> None:
    form = filled(kind, typed)
    assert not form.errors
    assert (form.cleaned_data["kind"], form.cleaned_data["value"]) == (kind, stored)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("vat", "NL000000000B00"), ("iban", "NL00BUNQ0649621411"), ("kvk", "1"), ("kvk", "99999998")],
)
def test_a_number_that_does_not_pass_its_check_is_refused(kind: str, typed: str) -> None:
    assert "value" in filled(kind, typed).errors
