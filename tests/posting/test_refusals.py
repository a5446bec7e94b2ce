"""Exact's words, in both languages, and the cause that they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.causes import Cause
from apps.posting.refusals import (
    cause_of,
    is_about_numbering,
    is_fault,
    is_known,
    key_of,
    objections,
    says_it_exists,
)
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
    ("Ongeldig: Btw-nummer (NL1)", Cause.REJECTED_BY_EXACT),
    ("Invalid: Country (NLD)", Cause.REJECTED_BY_EXACT),
    ("Bestaat reeds: KvK-nummer", Cause.REJECTED_BY_EXACT),
    ("Reeds verwerkt", Cause.REJECTED_BY_EXACT),
    ("", Cause.REJECTED_BY_EXACT),
    ("Required: Journal", Cause.REJECTED_BY_EXACT),
    ("Verplicht: Relatie", Cause.REJECTED_BY_EXACT),
    ("Verplicht: Betalingsconditie", Cause.REJECTED_BY_EXACT),
    ("Invalid: Journal (type).", Cause.REJECTED_BY_EXACT),
    ("Ongeldig: Btw-percentage []", Cause.NO_VAT_CODE),
    ("Invalid: Email []", Cause.REJECTED_BY_EXACT),
    ("Ongeldig: Klant (Type)", Cause.SUPPLIER_BLOCKED),
    ("Ongeldige referentie: Betalingsconditie", Cause.REJECTED_BY_EXACT),
    ("Ongeldige referentie: Cost unit", Cause.COST_CENTRE_MISSING),
    ("Invalid reference: Cost unit", Cause.COST_CENTRE_MISSING),
    ("Bestaat reeds: Mandaat referentie", Cause.REJECTED_BY_EXACT),
    ("Gegeven bestaat reeds.", Cause.REJECTED_BY_EXACT),
    ("Data already exists.", Cause.REJECTED_BY_EXACT),
    ("In gebruik: Boekstuknummer.", Cause.REJECTED_BY_EXACT),
    ("Not found: Account (10023) - G/L Account: Sales", Cause.NO_GL_ACCOUNT),
    (
        'Een btw bedrag is niet toegestaan als u gebruikmaakt van een btw-code van het type "geen btw"',
        Cause.NO_VAT_CODE,
    ),
    (
        "A VAT amount is not allowed if you use a VAT code of type 'No VAT' or 'VAT 0%'.",
        Cause.NO_VAT_CODE,
    ),
    (
        "De klantenrekening van deze relatie is niet gelijk aan de rekening van het gebruikte verkoopdagboek",
        Cause.REJECTED_BY_EXACT,
    ),
    ("Moet zijn: Uniek - Artikel, Datum", Cause.REJECTED_BY_EXACT),
    ("Document Type not allowed", Cause.REJECTED_BY_EXACT),
    ("Niet herkende GUID-indeling.", Cause.REJECTED_BY_EXACT),
    ("De objectverwijzing is niet op een exemplaar ingesteld.", Cause.REJECTED_BY_EXACT),
    ("Bestaat reeds: Digitale brievenbus; Ongeldig: Divisie", Cause.REJECTED_BY_EXACT),
    ("Ongeldige referentie: Artikel", Cause.ITEM_UNKNOWN),
    ("Invalid reference: Item", Cause.ITEM_UNKNOWN),
    ("Verplicht: Artikel", Cause.ITEM_UNKNOWN),
    ("Not found: Item (4711)", Cause.ITEM_UNKNOWN),
    ("Niet gevonden: Artikelcode (4711)", Cause.ITEM_UNKNOWN),
    ("Ongeldig: Artikel (Einddatum)", Cause.REJECTED_BY_EXACT),
    ("Verplicht: Artikelgroep", Cause.REJECTED_BY_EXACT),
    ("Invalid reference: Item group", Cause.REJECTED_BY_EXACT),
    ("Ongeldige referentie: Eenheid", Cause.REJECTED_BY_EXACT),
    ("Ongeldige referentie: Inkoopeenheid", Cause.REJECTED_BY_EXACT),
    ("Invalid: Unit price", Cause.REJECTED_BY_EXACT),
    ("Mandatory: Purchase order lines", Cause.REJECTED_BY_EXACT),
    ("Verplicht: Inkooporderregels", Cause.REJECTED_BY_EXACT),
    ("Verplicht: Regels", Cause.REJECTED_BY_EXACT),
    ("Ongeldig: Aantal", Cause.REJECTED_BY_EXACT),
    ("Verplicht: Magazijn", Cause.REJECTED_BY_EXACT),
    ("Mandatory: Supplier item", Cause.REJECTED_BY_EXACT),
    ("In gebruik: Ordernummer", Cause.REJECTED_BY_EXACT),
    ("Error processing request stream. The property name is not valid.", Cause.REJECTED_BY_EXACT),
]
ENTRY_FIELDS = (
    "AmountFC Attachment CostCenter CostUnit Currency Description Document EntryNumber FileName From GLAccount "
    "GLAccountType Journal PaymentCondition PurchaseEntryLines ReportingPeriod Subject Supplier SupplierType To Type "
    "VATCode YourRef OrderNumber Item ItemGroup ItemUnit PurchaseUnit PurchasePrice PurchaseInvoiceLines "
    "PurchaseOrderID PurchaseOrderLine PurchaseOrderLines QuantityInPurchaseUnits Warehouse"
).split()


@pytest.mark.parametrize(("words", "cause"), WORDS)
def test_words_that_were_seen_mean_a_cause(words: str, cause: str) -> None:
    assert cause_of(words) == cause
    assert cause_of(words.upper()) == cause


@pytest.mark.parametrize("words", [words for words, _cause in WORDS])
def test_every_text_that_was_seen_is_known(words: str) -> None:
    assert is_known(words)


@pytest.mark.parametrize("kind", ["mandatory", "invalid", "reference", "exists", "in_use", "not_allowed"])
@pytest.mark.parametrize("field", ENTRY_FIELDS)
def test_an_objection_to_a_field_that_we_write_is_the_same_in_both_languages(kind: str, field: str) -> None:
    dutch, english = (Problem(kind, field, "x").text(language) for language in (DUTCH, ENGLISH))
    assert is_known(dutch)
    assert key_of(dutch) == key_of(english)
    assert cause_of(dutch) == cause_of(english)


@pytest.mark.parametrize(
    "words", ["Iets nieuws", "Ongeldig: Iets nieuws", "Iets nieuws: Dagboek", "Ongeldig"]
)
def test_what_was_never_seen_is_not_known_and_means_what_exact_says(words: str) -> None:
    assert not is_known(words)
    assert cause_of(words) == Cause.REJECTED_BY_EXACT


def test_of_several_objections_one_that_is_not_known_counts_as_unknown_and_solves_nothing_less() -> None:
    words = "Iets nieuws\r\nOngeldige referentie: Btw-code"
    assert not is_known(words)
    assert cause_of(words) == Cause.NO_VAT_CODE
    assert [one.is_known for one in objections(words)] == [False, True]


def test_equal_refusals_are_told_from_others_by_problem_and_field_whatever_the_document() -> None:
    assert key_of("Periode is afgesloten: 2026 - 3") == key_of("Period is closed: 2026 - 9")
    assert key_of("Verplicht: Dagboek\nOngeldig: Btw-code") == key_of(
        "Ongeldig: Btw-code\r\nVerplicht: Dagboek"
    )
    assert key_of("Verplicht: Dagboek") != key_of("Ongeldig: Dagboek")
    assert key_of("Iets met 12 regels") == key_of("iets met 7 regels") != key_of("Iets anders")


def test_a_fault_of_exact_is_told_from_what_it_has_against_a_document() -> None:
    assert is_fault("")
    assert is_fault("An error occurred while processing this request.")
    assert is_fault("Transaction was deadlocked on lock resources")
    assert not is_fault("Ongeldig: Dagboek")
    assert not is_fault("Iets nieuws")


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
    assert is_about_numbering("In gebruik: Ordernummer")
    assert is_about_numbering("In use: Order number")
    assert not is_about_numbering("Bestaat reeds: Uw ref.")


@pytest.mark.parametrize(
    "words",
    [
        "Verplicht: Dagboek",
        "Ongeldig: Relatie",
        "",
        "Bestaat reeds: Mandaat referentie",
        "Bestaat reeds: Artikel",
        "In gebruik: Barcode",
    ],
)
def test_words_that_say_something_else(words: str) -> None:
    assert not says_it_exists(words)


@given(st.text())
def test_any_words_mean_some_cause(words: str) -> None:
    assert cause_of(words) in Cause


@pytest.mark.parametrize(
    "words",
    [
        "Ongeldig: Btw-nummer",
        "Ongeldig: E-mail (x)",
        "Verplicht: Naam",
        "Invalid: Country",
        "Bestaat reeds: KvK",
    ],
)
def test_what_exact_says_of_cards_is_known_and_says_nothing_of_an_entry(words: str) -> None:
    assert is_known(words)
    assert not says_it_exists(words)
