"""Which rules speak where, in which order, and that what is kept at hand is never old."""

from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.rules import changes
from apps.rules.conditions import DocumentFacts, Share
from apps.rules.models import BookingRule
from apps.rules.rule_book import rule_of, rules_for, vat_table_of
from apps.rules.scenario import Scenario
from tests.clients.factories import AdministrationFactory, ClientGroupFactory
from tests.rules.factories import BookingRuleFactory, RuleSplitFactory, VATTableFactory

pytestmark = pytest.mark.django_db
WINDZEE = DocumentFacts(supplier_name="Windzee", supplier_code="10")


def test_rules_come_strongest_first_administration_then_client_then_firm() -> None:
    administration = AdministrationFactory()
    BookingRuleFactory(name="firm", position=1)
    BookingRuleFactory(name="client", client=administration.client, position=1)
    BookingRuleFactory(name="second", administration=administration, position=2)
    BookingRuleFactory(name="first", administration=administration, position=1)
    found = rules_for(administration, WINDZEE)
    assert [rule.name for rule in found] == ["first", "second", "client", "firm"]


def test_rules_of_others_inactive_ones_and_those_about_others_do_not_speak() -> None:
    administration = AdministrationFactory()
    BookingRuleFactory(administration=AdministrationFactory())
    BookingRuleFactory(client=AdministrationFactory().client)
    BookingRuleFactory(active=False)
    BookingRuleFactory(supplier_contains="belnet")
    BookingRuleFactory(supplier_code="11")
    assert rules_for(administration, WINDZEE) == []


def test_a_vat_row_counts_once_it_is_confirmed() -> None:
    row = VATTableFactory(scenario=Scenario.NL_HIGH, vat_code="2")
    VATTableFactory(
        administration=row.administration, scenario=Scenario.NL_LOW, confirmed_at=None, confirmed_by=""
    )
    VATTableFactory(scenario=Scenario.IMPORT)
    assert vat_table_of(row.administration) == {Scenario.NL_HIGH: "2"}


def test_a_row_in_doubt_does_not_count() -> None:
    row = VATTableFactory(doubt="The percentage is another now.")
    assert vat_table_of(row.administration) == {}


def test_a_rule_for_a_group_speaks_for_its_clients_alone() -> None:
    group = ClientGroupFactory()
    BookingRuleFactory(client_group=group)
    assert rules_for(AdministrationFactory(), WINDZEE) == []
    assert len(rules_for(AdministrationFactory(client__group=group), WINDZEE)) == 1


def test_a_rule_is_read_with_all_that_it_says() -> None:
    row = BookingRuleFactory(text="touw", amount_to=Decimal("9.50"), private_use=Decimal(25))
    RuleSplitFactory(rule=row, position=2, gl_code="4100")
    RuleSplitFactory(rule=row, position=1, percentage=Decimal(60), gl_code="4000")
    rule = rule_of(BookingRule.objects.get(pk=row.pk))
    assert (rule.pk, rule.text) == (row.pk, "touw")
    assert (rule.amount_to, rule.private_use) == (Decimal("9.50"), Decimal(25))
    assert rule.splits == (Share(percentage=Decimal(60), gl_code="4000"), Share(gl_code="4100"))


def test_what_was_looked_at_is_kept_until_something_is_changed(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    administration = AdministrationFactory()
    rule = BookingRuleFactory(gl_code="4000")
    split = RuleSplitFactory(rule=rule, gl_code="4100")
    assert rules_for(administration, WINDZEE)
    found = changes.look()
    with django_assert_num_queries(0):
        assert rules_for(administration, WINDZEE, found)
    with django_assert_num_queries(1):
        assert rules_for(administration, WINDZEE)
    split.gl_code = "4200"
    split.save()
    assert rules_for(administration, WINDZEE)[0].splits[0].gl_code == "4200"
    rule.active = False
    rule.save()
    assert rules_for(administration, WINDZEE) == []


def test_a_removed_row_of_the_vat_table_is_gone_at_once() -> None:
    row = VATTableFactory(scenario=Scenario.NL_HIGH, vat_code="2")
    assert vat_table_of(row.administration) == {Scenario.NL_HIGH: "2"}
    row.delete()
    assert vat_table_of(row.administration) == {}


def test_of_other_rows_only_those_that_are_there_are_told() -> None:
    rule = BookingRuleFactory()
    there, gone = BookingRule.objects.filter(pk=rule.pk), BookingRule.objects.none()
    assert changes.look(there=there)["there"] == (1, None)
    assert "gone" not in changes.look(gone=BookingRule.objects.filter(pk=0))
    assert "gone" not in changes.look(gone=gone)
