from apps.preflight.access_facts import UserKind
from apps.preflight.facts import Facts


def test_facts_begin_with_nothing_known() -> None:
    facts = Facts()
    assert facts.user.kind is UserKind.UNKNOWN
    assert facts.user.scopes is None
    assert facts.cards.count is None
    assert facts.others.active is None
