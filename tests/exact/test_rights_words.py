from django.utils import translation

from apps.exact.resources import RESOURCES
from apps.exact.rights_words import BY_KEY, RIGHTS, SCOPE_MIRRORS, is_scope, scope_in

VIOLATED = "Forbidden - Application Scope Violated. Cannot read 'financial.generalledgers' scope."


def test_a_missing_scope_is_told_from_a_missing_right() -> None:
    assert is_scope(VIOLATED)
    assert not is_scope("Forbidden")
    assert (scope_in(VIOLATED), scope_in("Forbidden"), scope_in("")) == ("Financial generalledgers", "", "")


def test_each_right_has_an_endpoint_of_its_own_and_mirrors_that_exist() -> None:
    assert len({right.endpoint for right in RIGHTS}) == len(BY_KEY) == 9
    named = {right.mirror for right in RIGHTS} - {""} | {
        name for each in SCOPE_MIRRORS.values() for name in each
    }
    assert named <= RESOURCES.keys()


def test_a_right_is_named_once_in_dutch_and_explained_in_english() -> None:
    with translation.override("en"):
        assert BY_KEY["documents"].shown == "Documenten (documents)"
