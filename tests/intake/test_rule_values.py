"""The form in which rules and documents are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import identifiers
from apps.intake.models import Comparison, Evidence
from apps.intake.rule_values import addresses, hits, normal, receiver, receivers, telling


@given(st.sampled_from(Evidence), st.text(max_size=300))
def test_what_is_normal_stays_as_it_is(evidence: Evidence, text: str) -> None:
    once = normal(evidence, text)
    assert normal(evidence, once) == once
    assert len(once) <= 250


@pytest.mark.parametrize(
    ("evidence", "text", "expected"),
    [
        ("recipient", " Post+Molen@Kantoor.example ", "post+molen@kantoor.example"),
        ("sender", '"Facturen, Bakker" <Facturen@Bakker.example>', "facturen@bakker.example"),
        ("sender", "@Bakker.example", "@bakker.example"),
        ("receiver", "Jansen  B.V.", "jansen bv"),
        ("receiver", "Stichting De Molen 12345678", "de molen stichting 12345678"),
        ("buyer_reference", "po 77-a", "PO 77-A"),
        ("order_number", "po-2026", "PO-2026"),
        ("text", "Vestiging\n  Delft", "vestiging delft"),
    ],
)
def test_each_kind_of_evidence_has_one_form(evidence: str, text: str, expected: str) -> None:
    assert normal(evidence, text) == expected


def test_sister_companies_differ_in_name_legal_form_or_number() -> None:
    kvk, other = identifiers.kvk("12345678"), identifiers.kvk("87654321")
    assert kvk and other
    named = [
        receivers(["Jansen B.V."], [kvk]),
        receivers(["Jansen V.O.F."], [kvk]),
        receivers(["Jansen Holding B.V."], [kvk]),
        receivers(["Jansen B.V."], [other]),
    ]
    assert len({forms[0] for forms in named}) == 4


def test_a_receiver_is_known_with_its_number_and_without() -> None:
    kvk, vat = identifiers.kvk("12345678"), identifiers.vat("NL809561074B01")
    assert kvk and vat
    assert receivers(["De Molen B.V.", ""], [vat, kvk]) == ("de molen bv 12345678", "de molen bv")
    assert receivers(["De Molen B.V."], []) == ("de molen bv",)
    assert receivers([], [kvk]) == ()


def test_a_placeholder_or_an_account_tells_nobody_apart() -> None:
    numbers = [identifiers.kvk("99999998"), identifiers.iban("NL47BUNQ0649621411")]
    assert telling([one for one in numbers if one]) == ""


def test_a_rule_made_of_what_a_document_says_hits_that_document() -> None:
    kvk = identifiers.kvk("12345678")
    assert kvk
    for name in ("Stichting Zon", "Jansen & Zoon B.V.", "X h.o.d.n. Y", "B V", "Café Ørsted GmbH & Co. KG"):
        value = normal("receiver", receiver(name, kvk.value))
        assert hits("equals", value, receivers([name], [kvk])), name


def test_an_address_is_known_by_its_domain_too() -> None:
    assert addresses("Anna <Anna@Bakker.example>") == ("anna@bakker.example", "@bakker.example")
    assert addresses("sanne") == ("sanne",)
    assert addresses("") == ()


@pytest.mark.parametrize(
    ("comparison", "value", "text", "expected"),
    [
        ("equals", "PO-1", "PO-1", True),
        ("equals", "PO-1", "PO-12", False),
        ("starts", "PO-", "PO-12", True),
        ("starts", "PO-", "XPO-12", False),
        ("contains", "delft", "vestiging delft-zuid", True),
        ("word", "delft", "vestiging delft-zuid", True),
        ("word", "delft", "delftsblauw", False),
        ("word", "c++ (nl)", "cursus c++ (nl) 2026", True),
        ("contains", "", "anything", False),
        ("word", "", "anything", False),
    ],
)
def test_how_a_rule_compares(comparison: Comparison, value: str, text: str, expected: bool) -> None:
    assert hits(comparison, value, [text]) is expected
