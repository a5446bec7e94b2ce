"""An administration that is in order in every point, as facts, and what is found when it is otherwise."""

from dataclasses import replace
from typing import Any

from apps.exact.rights_words import RIGHTS
from apps.preflight.access_facts import Licence, Mailbox, User, UserKind
from apps.preflight.facts import Books, Cards, Facts, Journal, Others
from apps.preflight.levels import GOOD
from apps.preflight.points import points_of

SOUND = Facts(
    User(UserKind.FULL, "Marieke", rights={right.key: True for right in RIGHTS}, scopes=()),
    Licence(kind="Trade", features=("Digital mailbox",), has_mailbox=True, methods=frozenset({"entry"})),
    Books(
        Journal("60", exists=True, is_purchase=True, takes_vat=True, currency="EUR"),
        has_period=True,
        has_table=True,
        are_accounts_read=True,
        are_codes_read=True,
    ),
    Cards(count=10),
    Others(active=False, said="Marieke"),
)


def found(facts: Facts) -> dict[str, tuple[str, str]]:
    return {point.key: (point.level, point.case) for point in points_of(facts)}


def changed(part: str, **values: Any) -> dict[str, tuple[str, str]]:
    """What is not good when one part of the sound facts is otherwise."""
    facts = replace(SOUND, **{part: replace(getattr(SOUND, part), **values)})
    return {key: verdict for key, verdict in found(facts).items() if verdict[0] != GOOD}


def delivering(method: str, mailbox: Mailbox | None = None, **licence: Any) -> Facts:
    """One that delivers by `method` alone, and of whose books nothing was ever read or chosen."""
    wants = {"wants_mailbox": method == "mailbox", **licence}
    rights = {"messages": True, "mailboxes": True, "documents": True}
    return replace(
        SOUND,
        user=replace(SOUND.user, rights=rights),
        licence=replace(SOUND.licence, methods=frozenset({method}), **wants),
        books=Books(is_filed=True),
        cards=Cards(),
        mailbox=mailbox,
    )
