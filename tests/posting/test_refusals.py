"""Exact's words, in both languages, and the cause that they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.causes import Cause
from apps.posting.refusals import cause_of, is_about_numbering, says_it_exists
from apps.sandbox.exact.errors import DUTCH, ENGLISH, Problem

WORDS = [
    ("Periode is afgesloten: 2026 - 3", Cause.PERIOD_CLOSED),
    ("Verplicht: Boekjaar", Cause.PERIOD_CLOSED),
    ("Onbekend: Boekjaar (Periode-datum tabel)", Cause.PERIOD_CLOSED),
    ("Unknown: Financial year (Period-date table)", Cause.PERIOD_CLOSED),
    ("Mandatory: Fiscal year", Cause.PERIOD_CLOSED),
    ("Ongeldige referentie: Btw-code", Cause.NO_VAT_CODE),
    ("Ongeldig: Btw-code", Cause.NO_VAT_CODE),
    ("Niet toegestaan: Btw-code", Cause.NO_VAT_CODE),
    ("Not allowed: VAT code", Cause.NO_VAT_CODE),
    ("Ongeldige referentie: Kostenplaats", Cause.COST_CENTRE_MISSING),
    ("Verplicht: Kostendrager", Cause.COST_CENTRE_MISSING),
    ("The selected cost unit is not allowed", Cause.COST_CENTRE_MISSING),
    ("Ongeldig: Grootboekrekeningtype", Cause.NO_GL_ACCOUNT),
    ("Niet gevonden: Relatie (10023) - Grootboekrekening: Inkoop", Cause.NO_GL_ACCOUNT),
    ("Ongeldig: Leverancier (Type)", Cause.SUPPLIER_BLOCKED),
    ("Ongeldig: Relatie (Geblokkeerd)", Cause.SUPPLIER_BLOCKED),
    ("Invalid: Account (Geblokkeerd)", Cause.SUPPLIER_BLOCKED),
    ("Ongeldig: Dagboek (Geblokkeerd)", Cause.REJECTED_BY_EXACT),
    ("Verplicht: Dagboek", Cause.REJECTED_BY_EXACT),
    ("Reeds verwerkt", Cause.REJECTED_BY_EXACT),
    ("", Cause.REJECTED_BY_EXACT),
]


@pytest.mark.parametrize(("words", "cause"), WORDS)
def test_words_that_were_seen_mean_a_cause(words: str, cause: str) -> None:
    assert cause_of(words) == cause
    assert cause_of(words.upper()) == cause


def test_of_several_sentences_the_first_known_cause_counts() -> None:
    assert cause_of("Verplicht: Dagboek\r\nOngeldige referentie: Btw-code") == Cause.NO_VAT_CODE


@pytest.mark.parametrize("language", [DUTCH, ENGLISH])
@pytest.mark.parametrize(
    ("problem", "cause"),
    [
        (Problem("closed", detail="2026 - 9"), Cause.PERIOD_CLOSED),
        (Problem("no_year"), Cause.PERIOD_CLOSED),
        (Problem("reference", "VATCode"), Cause.NO_VAT_CODE),
        (Problem("invalid", "VATCode"), Cause.NO_VAT_CODE),
        (Problem("mandatory", "CostCenter"), Cause.COST_CENTRE_MISSING),
        (Problem("not_allowed", "CostUnit"), Cause.COST_CENTRE_MISSING),
        (Problem("invalid", "GLAccountType"), Cause.NO_GL_ACCOUNT),
        (Problem("reference", "GLAccount"), Cause.NO_GL_ACCOUNT),
        (Problem("invalid", "Supplier", "Geblokkeerd"), Cause.SUPPLIER_BLOCKED),
        (Problem("invalid", "SupplierType", "Type"), Cause.SUPPLIER_BLOCKED),
        (Problem("reference", "Journal"), Cause.REJECTED_BY_EXACT),
    ],
)
def test_the_cause_is_the_same_in_whichever_language_the_user_has(
    problem: Problem, cause: str, language: str
) -> None:
    assert cause_of(problem.text(language)) == cause


@pytest.mark.parametrize(
    "words",
    [
        "Bestaat reeds: Uw ref.",
        "Gegeven bestaat reeds.",
        "Already exists: Your ref.",
        "In gebruik: Boekstuknummer.",
        "In use: Document number",
    ],
)
def test_words_that_say_it_is_there_already(words: str) -> None:
    assert says_it_exists(words)


def test_a_taken_booking_number_is_known_from_a_double() -> None:
    assert is_about_numbering("In gebruik: Boekstuknummer.")
    assert is_about_numbering("In use: Document number")
    assert not is_about_numbering("Bestaat reeds: Uw ref.")


@pytest.mark.parametrize("words", ["Verplicht: Dagboek", "Ongeldig: Relatie", ""])
def test_words_that_say_something_else(words: str) -> None:
    assert not says_it_exists(words)


@given(st.text())
def test_any_words_mean_some_cause(words: str) -> None:
    assert cause_of(words) in Cause
