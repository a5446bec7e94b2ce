from dataclasses import replace

import pytest

from apps.preflight.access_facts import Mailbox
from apps.preflight.levels import FAIR, GOOD, NOTE, POOR
from tests.preflight.sound import SOUND, changed, delivering, found


@pytest.mark.parametrize("may", [False, None])
def test_rights_of_a_mailbox_that_nobody_wants_do_not_count(may: bool | None) -> None:
    rights = {**SOUND.user.rights, "messages": may, "mailboxes": may}
    assert changed("user", rights=rights) == {
        "right_messages": (NOTE, "unused"),
        "right_mailboxes": (NOTE, "unused"),
    }


def test_where_the_package_lacks_a_mailbox_that_is_wanted_this_alone_is_told() -> None:
    rights = {**SOUND.user.rights, "messages": False, "mailboxes": False}
    facts = replace(SOUND, user=replace(SOUND.user, rights=rights), mailbox=Mailbox(POOR))
    wanted = replace(facts, licence=replace(SOUND.licence, wants_mailbox=True))
    lacking = replace(wanted, licence=replace(wanted.licence, has_mailbox=False))
    poor = {key for key, (level, _case) in found(lacking).items() if level == POOR}
    assert poor == {"mailbox"}
    assert found(wanted)["right_messages"] == (POOR, "")


@pytest.mark.parametrize(
    ("level", "others", "expected"),
    [
        (GOOD, (), (GOOD, "state")),
        (FAIR, (), (FAIR, "state")),
        (POOR, (FAIR,), (POOR, "state")),
        (GOOD, (FAIR,), (FAIR, "checklist")),
        (FAIR, (FAIR,), (FAIR, "state")),
        (FAIR, (FAIR, POOR), (POOR, "checklist")),
    ],
)
def test_the_mailbox_is_as_its_state_and_its_checklist_are(
    level: str, others: tuple[str, ...], expected: tuple[str, str]
) -> None:
    mailbox = Mailbox(level, open_points=others)
    assert found(delivering("mailbox", mailbox))["digital_mailbox"] == expected
    assert "digital_mailbox" not in found(delivering("document", mailbox))


def test_a_mailbox_that_exact_refused_to_a_trial_tells_of_the_trial() -> None:
    facts = delivering("mailbox", Mailbox(POOR, is_refused_as_trial=True))
    assert found(facts)["trial"] == (POOR, "mailbox")
