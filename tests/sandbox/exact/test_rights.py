"""users/UserHasRights answers by the rights of the user, and by nothing else."""

import pytest

from apps.sandbox import switches
from apps.sandbox.exact import rights
from apps.sandbox.firm import users
from apps.sandbox.models import ExactUser
from tests.sandbox.driver import Exact


def asked(exact: Exact, endpoint: str, action: str) -> object:
    answer = exact.get(f"users/UserHasRights?endpoint={endpoint}&action={action}")
    return answer.json()["d"]["UserHasRights"] if answer.status_code == 200 else answer.status_code


@pytest.mark.parametrize("mark", ["", "'"])
def test_a_right_that_was_taken_is_told_with_quotes_and_without(small: None, mark: str) -> None:
    exact = Exact()
    switches.lack_rights("crm/BankAccounts")
    assert asked(exact, f"{mark}crm/BankAccounts{mark}", f"{mark}POST{mark}") is False
    assert asked(exact, f"{mark}crm/Accounts{mark}", f"{mark}POST{mark}") is True


def test_scopes_of_the_app_are_not_the_users(small: None) -> None:
    exact = Exact()
    switches.lack_scopes("Crm accounts")
    assert asked(exact, "crm/Accounts", "GET") is True
    switches.lack_scopes("Organization administration")
    assert asked(exact, "crm/Accounts", "GET") == 403


def test_without_endpoint_or_action_it_is_no_question(small: None) -> None:
    assert asked(Exact(), "", "GET") == 400
    assert asked(Exact(), "crm/Accounts", "LOOK") == 400


@pytest.mark.django_db
def test_who_has_no_rights_may_nothing_and_an_owner_everything() -> None:
    nobody = ExactUser.objects.get(user_id=users.NO_RIGHTS["UserID"])
    owner = ExactUser.objects.get(user_id=users.OWNER["UserID"])
    for endpoint in ("crm/Accounts", "mailbox/Mailboxes", "salesentry/SalesEntries"):
        assert not rights.may(nobody, endpoint)
        assert rights.may(owner, endpoint)
