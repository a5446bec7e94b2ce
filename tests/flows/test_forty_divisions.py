"""An administrator signs in, and forty divisions have their administrations in one sitting."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.exact.models import Division
from apps.exact.visitor import Visitor
from apps.people.models import Role
from tests import forty, office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def choices(page: str) -> dict[str, str]:
    """Return what a browser would send of the form as it stands."""
    found = {}
    for name, options in re.findall(r'<select name="(choice-\d+)"[^>]*>(.*?)</select>', page):
        selected = re.search(r'value="([^"]*)" selected', options)
        assert selected
        found[name] = selected[1]
    return found


def test_forty_divisions_are_linked_in_one_sitting(django_assert_max_num_queries: Any) -> None:
    made = forty.make()
    assert len(made.codes) == 40
    browser: Client = office.browser(office.person(Role.ADMINISTRATOR))
    consent = browser.get(reverse("exact:connect"))["Location"]
    address = browser.get(Visitor().consent(consent, divisions=made.codes))["Location"]
    with django_assert_max_num_queries(20):
        page = browser.get(address).content.decode()
    keys = dict(Division.objects.values_list("code", "pk"))
    form = choices(page)
    assert len(form) == 40
    for code in made.certain:
        assert form[f"choice-{keys[code]}"] == f"certain:{made.ours[code].pk}"
    for code in (*made.asked, *made.unused):
        assert form[f"choice-{keys[code]}"] == ""
    for code in (*made.new, *made.known_owner):
        assert form[f"choice-{keys[code]}"].startswith("rest:")
    for words in (
        "archived",
        "blocked",
        "The numbers disagree",
        "Only the name agrees",
        "Accept all 25 certain",
    ):
        assert words in page

    for code in made.asked:
        form[f"choice-{keys[code]}"] = f"link:{made.ours[code].pk}"
    form[f"choice-{keys[made.unused[0]]}"] = "create:"
    answer = browser.post(address, {**form, "certain": "on", "rest": "on"}, follow=True)
    page = answer.content.decode()
    assert "39 divisions are linked" in page
    assert "0 of 39" in page and 'http-equiv="refresh"' in page
    linked = {one.code: one.administration for one in Division.objects.exclude(administration=None)}
    assert {code: linked[code] for code in made.ours} == made.ours
    assert forty.clients_of(made.known_owner) == [forty.OWNER] * forty.KNOWN_CLIENT
    assert len(set(forty.clients_of(made.new))) == forty.NEW_CLIENT
    assert made.unused[1] not in linked

    assert forty.read_all() == 39
    with django_assert_max_num_queries(20):
        page = browser.get(reverse("exact:connecting")).content.decode()
    assert "39 of 39" in page and "All read" in page
    assert 'http-equiv="refresh"' not in page
