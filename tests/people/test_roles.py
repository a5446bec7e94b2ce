"""Roles: what each may do."""

import pytest
from django.contrib.auth.models import AnonymousUser

from apps.people.backends import RoleBackend
from apps.people.models import Role
from apps.people.roles import GRANTS, apps_of, grants
from tests.people.factories import UserFactory


def test_a_bookkeeper_works_the_queue_but_makes_no_rules() -> None:
    assert grants(Role.BOOKKEEPER, "invoices.change_invoice")
    assert grants(Role.BOOKKEEPER, "intake.add_receipt")
    assert not grants(Role.BOOKKEEPER, "rules.add_bookingrule")
    assert not grants(Role.BOOKKEEPER, "reports.view_report")


def test_a_reviewer_also_makes_rules_and_vat_tables() -> None:
    assert GRANTS[Role.BOOKKEEPER] < GRANTS[Role.REVIEWER]
    assert grants(Role.REVIEWER, "rules.change_vattable")


def test_a_partner_reads_and_changes_nothing() -> None:
    acts = {permission.partition(".")[2].partition("_")[0] for permission in GRANTS[Role.PARTNER]}
    assert acts == {"view"}
    assert grants(Role.PARTNER, "reports.view_report")


def test_an_administrator_may_do_everything_and_a_made_up_role_nothing() -> None:
    assert grants(Role.ADMINISTRATOR, "anything.at_all")
    assert not grants("guest", "invoices.view_invoice")
    assert apps_of("guest") == frozenset()


@pytest.mark.django_db
def test_django_asks_the_role() -> None:
    user = UserFactory(role=Role.BOOKKEEPER)
    assert user.has_perm("invoices.change_invoice")
    assert not user.has_perm("rules.add_bookingrule")
    assert user.has_module_perms("invoices")
    assert not user.has_module_perms("sandbox")
    assert "invoices.view_invoice" in user.get_all_permissions()


@pytest.mark.django_db
def test_administrators_have_every_app() -> None:
    user = UserFactory(role=Role.ADMINISTRATOR)
    assert user.has_perm("exact.link_division")
    assert user.has_module_perms("exact")


@pytest.mark.django_db
def test_the_inactive_and_the_anonymous_may_nothing() -> None:
    backend, user = RoleBackend(), UserFactory(role=Role.ADMINISTRATOR, is_active=False)
    for somebody in (user, AnonymousUser()):
        assert not backend.has_perm(somebody, "invoices.view_invoice")
        assert not backend.has_module_perms(somebody, "invoices")
        assert backend.get_user_permissions(somebody) == set()
