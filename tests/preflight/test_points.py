from dataclasses import replace
from typing import Any

import pytest

from apps.exact.rights_words import RIGHTS
from apps.preflight.access_facts import Licence, Mailbox, User, UserKind
from apps.preflight.facts import Books, Facts, Journal
from apps.preflight.levels import GOOD, NOTE, POOR, UNKNOWN, score_of
from apps.preflight.points import KEYS, points_of
from tests.preflight.sound import SOUND, changed, delivering, found


def test_what_is_sound_scores_a_hundred_and_every_key_is_judged() -> None:
    points = points_of(SOUND)
    assert {point.level for point in points} == {GOOD}
    assert score_of(points) == 100
    assert {point.key for point in points} | {"filed", "digital_mailbox"} == set(KEYS)


def test_what_was_never_read_or_asked_is_not_known_and_scores_nothing() -> None:
    verdicts = found(
        Facts(licence=Licence(methods=frozenset({"entry"})), books=Books(Journal("60"), has_table=True))
    )
    assert verdicts["scopes"][0] == UNKNOWN
    assert {verdicts[f"right_{right.key}"][0] for right in RIGHTS} == {UNKNOWN, NOTE}
    assert {verdicts[key][0] for key in ("journal", "periods", "vat", "accounts", "bare", "same_iban")} == {
        UNKNOWN
    }
    assert verdicts["mailbox"][0] == NOTE


@pytest.mark.parametrize(
    ("part", "values", "expected"),
    [
        ("user", {"trouble": "lost"}, {"connection": (POOR, "troubled")}),
        ("user", {"kind": UserKind.PORTAL}, {"user_kind": (POOR, "portal")}),
        ("user", {"kind": UserKind.UNKNOWN}, {"user_kind": (UNKNOWN, "")}),
        ("user", {"scopes": ("Crm accounts",)}, {"scopes": (POOR, "")}),
        (
            "user",
            {"rights": {**SOUND.user.rights, "periods": False}},
            {"right_periods": (POOR, "")},
        ),
        ("licence", {"has_mailbox": False}, {"mailbox": (NOTE, "")}),
        ("licence", {"has_mailbox": False, "wants_mailbox": True}, {"mailbox": (POOR, "")}),
        ("licence", {"trial": "Trial"}, {"trial": (POOR, "")}),
        ("licence", {"is_trial_user": True}, {"trial": (POOR, "user")}),
        ("licence", {"methods": frozenset({"order"})}, {"methods": (POOR, "logistic")}),
        ("licence", {"methods": frozenset({"order"}), "is_logistic": True}, {}),
        ("licence", {"package": "accept"}, {"methods": (POOR, "accept")}),
        ("books", {"journal": Journal()}, {"journal": (POOR, "none")}),
        ("books", {"journal": Journal("60", exists=False)}, {"journal": (POOR, "gone")}),
        ("books", {"journal": Journal("60", exists=True)}, {"journal": (POOR, "type")}),
        (
            "books",
            {"journal": replace(SOUND.books.journal, is_blocked=True)},
            {"journal": (POOR, "blocked")},
        ),
        (
            "books",
            {"journal": replace(SOUND.books.journal, takes_vat=False)},
            {"journal": (POOR, "no_vat")},
        ),
        ("books", {"has_period": False}, {"periods": (POOR, "none")}),
        ("books", {"is_open": False}, {"periods": (POOR, "closed")}),
        ("books", {"is_filed": True}, {"filed": (NOTE, "")}),
        ("books", {"has_table": False}, {"vat": (POOR, "none")}),
        ("books", {"blocked_codes": ("4",)}, {"vat": (POOR, "blocked")}),
        ("books", {"scenarios": ("nl_high",)}, {"vat": (POOR, "lacking")}),
        ("books", {"are_codes_read": False}, {"vat": (UNKNOWN, "")}),
        ("books", {"are_codes_read": False, "scenarios": ("nl_high",)}, {"vat": (POOR, "lacking")}),
        ("books", {"unconfirmed": 2}, {"vat": (POOR, "unconfirmed")}),
        ("books", {"accounts": (("4000", "a rule"),)}, {"accounts": (POOR, "")}),
        ("cards", {"bare": 2}, {}),
        ("cards", {"bare": 3}, {"bare": (POOR, "")}),
        ("cards", {"same": {"vat": (("NL1", ("a", "b")),)}}, {"same_vat": (POOR, "")}),
        ("others", {"active": True}, {"others": (POOR, "")}),
        ("others", {"active": None}, {"others": (UNKNOWN, "")}),
    ],
)
def test_one_thing_that_is_otherwise_is_told_by_its_own_point(
    part: str, values: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert changed(part, **values) == expected


@pytest.mark.parametrize("package", ["exact_online", "exact_globe", "accept"])
def test_books_and_their_rights_do_not_count_where_only_a_mailbox_is_filled(package: str) -> None:
    points = points_of(delivering("mailbox", Mailbox(GOOD), package=package))
    assert {point.level for point in points} == {GOOD, NOTE}
    assert score_of(points) == 100
    notes = {point.key for point in points if point.level == NOTE}
    assert {"journal", "periods", "vat", "accounts", "bare", "same_iban", "right_purchases"} <= notes
    assert not {"filed", "right_messages"} & notes


def test_documents_alone_need_their_own_right_and_no_books() -> None:
    assert score_of(points_of(delivering("document"))) == 100
    facts = delivering("document")
    refused = replace(facts, user=replace(facts.user, rights={"documents": False}))
    assert found(refused)["right_documents"] == (POOR, "")


def test_one_kind_that_is_booked_makes_the_books_count() -> None:
    facts = replace(
        SOUND, books=Books(), licence=replace(SOUND.licence, methods=frozenset({"entry", "mailbox"}))
    )
    assert found(facts)["journal"] == (POOR, "none")


def test_of_books_that_are_unlinked_nothing_else_is_told() -> None:
    assert changed("user", is_linked=False) == {"connection": (POOR, "unlinked")}
    assert len(points_of(replace(SOUND, user=User(is_linked=False)))) == 1
