"""Names as compared: spelling and legal forms do not matter, what tells companies apart does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.names import LEGAL_FORMS, legal_family, legal_form, plain, spellings


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jansen & Zn. B.V.", "JANSEN EN ZN BV"),
        ("Jansen and Sons Ltd.", "jansen & sons limited"),
        ("Café 't Hoekje v.o.f.", "Cafe t Hoekje"),
        ("Müller GmbH & Co. KG", "Muller"),
        ("Coöperatie De Hoop U.A.", "De Hoop"),
        ("Ørsted A/S", "Orsted"),
        ("L’Oréal S.A.", "LOREAL SA"),
        ("Dupont S.A.R.L.", "Dupont SARL"),
        ("Peeters BVBA", "Peeters SRL"),
        ("Besloten Vennootschap Anker", "Anker B V"),
        ("Straße Bau UG", "Strasse Bau"),
        ("Vlees Plc", "Vlees SE"),
    ],
)
def test_the_same_name_written_otherwise(one: str, other: str) -> None:
    assert plain(one) == plain(other)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Anker B.V.", "bv"),
        ("Stichting Het Huis", "stichting"),
        ("Anker Limited", "ltd"),
        ("Anker", ""),
        ("Müller GmbH & Co. KG", "kg"),
        ("A B V", "bv"),
    ],
)
def test_the_legal_form_is_kept_apart(name: str, form: str) -> None:
    assert legal_form(name) == form


def test_what_tells_companies_of_one_owner_apart_stays() -> None:
    assert plain("Jansen Holding B.V.") != plain("Jansen Beheer B.V.")
    assert plain("Maatschap Vos") == "vos"


def test_initials_in_front_of_a_name_are_no_legal_form() -> None:
    assert plain("A.G. Visser B.V.") == "ag visser"
    assert plain("A.B. Visser") != plain("A.G. Visser")
    assert legal_form("A.G. Visser") == ""


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Peeters BVBA", "bv"),
        ("Peeters SRL", "bv"),
        ("De Hoop U.A.", "cooperatie"),
        ("Anker", ""),
        ("Bakker BA", ""),
    ],
)
def test_a_form_that_was_renamed_or_is_said_in_another_language_is_the_same(name: str, family: str) -> None:
    assert legal_family(name) == family


def test_a_name_that_is_nothing_but_a_form_stays_what_it_is() -> None:
    assert plain("B.V.") == "bv"
    assert plain("") == plain("---") == ""


@pytest.mark.parametrize("words", ["h.o.d.n.", "t.h.o.d.n.", "handelend onder de naam", "trading as", "t/a"])
def test_both_names_of_a_trader_count(words: str) -> None:
    assert spellings(f"P. Jansen {words} De Gouden Bol") == ("p jansen", "de gouden bol")


def test_spellings_are_counted_once() -> None:
    assert spellings("Anker B.V.", "ANKER BV", "") == ("anker",)


@given(st.text(max_size=300))
def test_plain_reads_anything_and_is_stable(name: str) -> None:
    once = plain(name)
    assert once == " ".join(once.split())
    assert (
        plain(once) == once or set(once.split()) & LEGAL_FORMS
    )  # "bv bv": a form is left when nothing else is


@given(st.text(max_size=80), st.sampled_from(["B.V.", "N.V.", "GmbH", "v.o.f."]))
def test_a_legal_form_behind_a_name_changes_nothing(name: str, form: str) -> None:
    if plain(name) and not set(plain(name).split()) & LEGAL_FORMS and not name.rstrip().endswith("."):
        assert plain(f"{name} {form}") == plain(name)
