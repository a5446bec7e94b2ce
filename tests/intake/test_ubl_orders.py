"""Reading UBL orders and what answers, changes or ends them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.identifiers import Kind
from apps.intake.detection import Format
from apps.intake.document import Oddity
from apps.intake.order import LineStatus, OrderDocument, OrderKind, ResponseCode
from apps.intake.parsing import Unreadable
from apps.intake.ubl.orders import read
from tests.intake import samples
from tests.intake.order_samples import sample
from tests.intake.samples import replaced
from tests.shared import CORPUS, needs_corpus

ORDER = sample("zwaluw-order.xml").decode()
RESPONSE = sample("zwaluw-bevestiging.xml").decode()


def with_change(text: str, old: str, new: str) -> OrderDocument:
    return read(replaced(text, old, new).encode())


def test_an_order_is_read_whole() -> None:
    order = read(ORDER.encode())
    assert (order.kind, order.format, order.number) == (OrderKind.ORDER, Format.ORDER, "BGA-261001")
    assert (order.issue_date, order.delivery_date) == (date(2026, 10, 1), date(2026, 10, 8))
    assert (order.currency, order.net, order.tax, order.gross) == (
        "EUR",
        Decimal("1284.02"),
        Decimal("115.56"),
        Decimal("1399.58"),
    )
    assert (order.buyer.name, order.seller.name) == (
        "Bakkerij De Gouden Aar B.V.",
        "Maalderij De Zwaluw B.V.",
    )
    assert (order.buyer.values(Kind.KVK), order.seller.values(Kind.VAT)) == (
        ("64134164",),
        ("NL897620458B01",),
    )
    assert (order.buyer_reference, order.note) == ("Bakkerij", "Graag voor zeven uur leveren")
    assert (order.order_reference, order.response_code, order.oddities) == ("", "", ())


def test_both_notes_of_a_line_are_kept() -> None:
    inner = with_change(ORDER, "<cac:LineItem>", "<cac:LineItem><cbc:Note>Op pallets</cbc:Note>")
    assert inner.lines[0].note == "Op pallets"
    notes = "<cbc:Note>Voor zeven uur</cbc:Note><cac:LineItem><cbc:Note>Op pallets</cbc:Note>"
    both = with_change(ORDER, "<cac:LineItem>", notes)
    assert both.lines[0].note == "Voor zeven uur\nOp pallets"


def test_its_lines_are_read_whole_and_come_to_what_they_say() -> None:
    lines = read(ORDER.encode()).lines
    first, second, third = lines
    assert (first.position, first.number, first.name) == (1, "1", "Tarwebloem T55, zak 25 kg")
    assert (first.seller_item, first.gtin, first.unit) == ("TB55-25", "8712345000011", "XBG")
    assert (first.quantity, first.price, first.price_base) == (Decimal(40), Decimal("18.95"), Decimal(1))
    assert (first.category, first.rate, first.status) == ("S", Decimal(9), LineStatus.NONE)
    assert first.delivery_date is None
    assert (second.discount, second.charges) == (Decimal(5), None)
    assert (third.price_base, third.price_unit) == (Decimal(100), "KGM")
    assert third.delivery_date == date(2026, 10, 15)
    assert [line.worth for line in lines] == [line.net for line in lines]


def test_a_response_names_the_order_and_what_becomes_of_each_line() -> None:
    response = read(RESPONSE.encode())
    assert (response.kind, response.format) == (OrderKind.RESPONSE, Format.ORDER_RESPONSE)
    assert (response.order_reference, response.sales_order_id) == ("BGA-261001", "VO-77120")
    assert (response.response_code, response.delivery_date) == (ResponseCode.CONDITIONALLY, date(2026, 10, 8))
    assert [line.status for line in response.lines] == [
        LineStatus.ACCEPTED,
        LineStatus.CHANGED,
        LineStatus.CHANGED,
    ]
    assert [line.order_line for line in response.lines] == ["1", "2", "3"]
    assert response.lines[2].delivery_date == date(2026, 10, 22)


def test_a_change_and_a_cancellation_name_their_order() -> None:
    change, end = (read(sample(f"zwaluw-{name}.xml")) for name in ("wijziging", "annulering"))
    assert (change.kind, change.format, change.order_reference) == (
        OrderKind.CHANGE,
        Format.ORDER_CHANGE,
        "BGA-261001",
    )
    assert [line.status for line in change.lines] == [LineStatus.CHANGED, LineStatus.ADDED]
    assert (change.net, change.gross) == (Decimal("1080.70"), None)  # without VAT nothing says it is included
    assert (end.kind, end.format, end.lines) == (OrderKind.CANCELLATION, Format.ORDER_CANCELLATION, ())
    assert (end.order_reference, end.note) == ("BGA-261001", "Dubbel besteld")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("<cbc:AcceptedIndicator>true</cbc:AcceptedIndicator>", ResponseCode.ACCEPTED),
        ("<cbc:AcceptedIndicator>0</cbc:AcceptedIndicator>", ResponseCode.REJECTED),
        ("", ""),
    ],
)
def test_a_simple_response_says_yes_or_no(said: str, code: str) -> None:
    text = (
        '<OrderResponseSimple xmlns="urn:oasis:names:specification:ubl:schema:xsd:OrderResponseSimple-2" '
        f"{samples.NAMESPACES}><cbc:ID>1</cbc:ID><cbc:IssueDate>2026-10-02</cbc:IssueDate>{said}"
        "<cbc:RejectionNote>Op</cbc:RejectionNote>"
        "<cac:OrderReference><cbc:ID>PO-7</cbc:ID></cac:OrderReference></OrderResponseSimple>"
    )
    found = read(text.encode())
    assert (found.response_code, found.order_reference, found.note) == (code, "PO-7", "Op")
    assert found.format is Format.ORDER_RESPONSE_SIMPLE


def test_an_item_that_comes_instead_is_named() -> None:
    instead = (
        "<cac:SellerSubstitutedLineItem><cbc:ID>1</cbc:ID><cac:Item><cbc:Name>Ander meel</cbc:Name>"
        "<cac:SellersItemIdentification><cbc:ID>TB65</cbc:ID></cac:SellersItemIdentification></cac:Item>"
        "</cac:SellerSubstitutedLineItem>"
    )
    first = "<cac:OrderLineReference>\n      <cbc:LineID>1</cbc:LineID>"
    assert with_change(RESPONSE, first, instead + first).lines[0].substitute == "TB65"
    offered = instead.replace("Substituted", "ProposedSubstitute").replace("<cbc:ID>TB65</cbc:ID>", "")
    assert with_change(RESPONSE, first, offered + first).lines[0].substitute == "Ander meel"


@pytest.mark.parametrize(
    ("allowance", "discount", "charges"),
    [
        ("<cbc:MultiplierFactorNumeric>5</cbc:MultiplierFactorNumeric>", 5, None),
        ("", None, Decimal("-20.88")),
        (
            "<cbc:MultiplierFactorNumeric>4</cbc:MultiplierFactorNumeric>",
            None,
            Decimal("-20.88"),
        ),  # of another amount
        ("<cbc:MultiplierFactorNumeric>500</cbc:MultiplierFactorNumeric>", None, Decimal("-20.88")),
    ],
)
def test_an_allowance_is_a_discount_when_it_is_a_percentage_of_the_line(
    allowance: str, discount: int | None, charges: Decimal | None
) -> None:
    line = with_change(
        ORDER, "<cbc:MultiplierFactorNumeric>5</cbc:MultiplierFactorNumeric>", allowance
    ).lines[1]
    assert (line.discount, line.charges, line.worth) == (discount, charges, Decimal("396.72"))


def test_a_charge_adds_to_the_line() -> None:
    indicator = "<cbc:ChargeIndicator>{}</cbc:ChargeIndicator>"
    line = with_change(ORDER, indicator.format("false"), indicator.format("true")).lines[1]
    assert (line.discount, line.charges) == (None, Decimal("20.88"))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("<cbc:ID>BGA-261001</cbc:ID>", "", "number"),
        ("<cbc:IssueDate>2026-10-01</cbc:IssueDate>", "", "date"),
        ("2026-10-01", "soon", "date"),
        ("cac:OrderLine>", "cac:Line>", "lines"),
    ],
)
def test_what_an_order_cannot_do_without_makes_it_unreadable(old: str, new: str, code: str) -> None:
    with pytest.raises(Unreadable) as raised:
        read(ORDER.replace(old, new).encode())
    assert (raised.value.code, bool(str(raised.value.reason))) == (code, True)


@pytest.mark.parametrize("kind", ["Invoice", "CreditNote"])
def test_an_invoice_is_no_order(kind: str) -> None:
    with pytest.raises(Unreadable) as raised:
        read(samples.ubl(kind=kind).encode())
    assert raised.value.code == "not_an_order"


@needs_corpus
def test_an_invoice_on_an_order_is_no_order() -> None:
    content = (CORPUS / "invoices/openpeppol-bis3-examples/sales-order-example.xml").read_bytes()
    with pytest.raises(Unreadable) as raised:
        read(content)
    assert raised.value.code == "not_an_order"


def test_a_value_that_cannot_be_read_is_left_out_and_named() -> None:
    order = with_change(
        ORDER, '<cbc:Quantity unitCode="XBG">40</cbc:Quantity>', "<cbc:Quantity>veel</cbc:Quantity>"
    )
    assert (order.lines[0].quantity, order.lines[0].worth) == (None, None)
    assert order.oddities == (Oddity("Quantity", "veel"),)


@pytest.mark.parametrize("base", ["0", "-100", "x"])
def test_a_price_is_never_of_nothing(base: str) -> None:
    line = with_change(ORDER, ">100</cbc:BaseQuantity>", f">{base}</cbc:BaseQuantity>").lines[2]
    assert line.price_base == 1


def test_a_currency_may_stand_on_the_total_alone() -> None:
    code = "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
    order = with_change(ORDER, code, "")
    assert (order.currency, order.tax) == ("EUR", Decimal("115.56"))


@pytest.mark.parametrize(
    ("period", "day"),
    [
        (
            "<cac:RequestedDeliveryPeriod><cbc:StartDate>2026-10-05</cbc:StartDate></cac:RequestedDeliveryPeriod>",
            5,
        ),
        ("<cbc:LatestDeliveryDate>2026-10-09</cbc:LatestDeliveryDate>", 9),
        (
            "<cac:RequestedDeliveryPeriod><cbc:EndDate>2026-10-05</cbc:EndDate></cac:RequestedDeliveryPeriod>"
            "<cac:PromisedDeliveryPeriod><cbc:EndDate>2026-10-06</cbc:EndDate></cac:PromisedDeliveryPeriod>",
            6,
        ),
        ("", None),
    ],
)
def test_what_is_promised_goes_before_what_was_asked_for(period: str, day: int | None) -> None:
    head, rest = ORDER.split("<cac:Delivery>", 1)
    text = f"{head}<cac:Delivery>{period}</cac:Delivery>{rest.split('</cac:Delivery>', 1)[1]}"
    assert read(text.encode()).delivery_date == (date(2026, 10, day) if day else None)


@given(st.binary(max_size=60), st.integers(min_value=0, max_value=len(ORDER)))
def test_any_damage_is_unreadable_or_read_and_never_a_crash(junk: bytes, at: int) -> None:
    content = ORDER.encode()
    try:
        order = read(content[:at] + junk + content[at:])
    except Unreadable as error:
        assert str(error.reason)
    else:
        assert order.number
