"""The columns of the template for orders, by their names in both languages. Pure.

Those of the head are filled in on each row or on the first alone; every row is a line of the one order.
"""

from collections.abc import Iterable

from django.utils.translation import gettext_noop

from apps.core.tables.columns import Columns, plain

_HEAD = {
    "order_number": (
        gettext_noop("order number"),
        "order number|order no|ordernummer|ordernr|order nr|bestelnummer|inkoopordernummer|po number|purchase order",
    ),
    "order_date": (gettext_noop("order date"), "order date|orderdatum|besteldatum"),
    "supplier_name": (
        gettext_noop("supplier"),
        "supplier|supplier name|crediteur|naam crediteur|leverancier|naam leverancier",
    ),
    "supplier_vat": (
        gettext_noop("VAT number of the supplier"),
        "vat number of the supplier|supplier vat number|supplier vat|btw nummer crediteur|btw nummer leverancier|"
        "btw nummer van de crediteur",
    ),
    "supplier_kvk": (
        gettext_noop("KvK of the supplier"),
        "kvk of the supplier|supplier kvk|kvk crediteur|kvk leverancier|kvk nummer crediteur|kvk nummer leverancier|"
        "kvk van de crediteur",
    ),
    "supplier_code": (
        gettext_noop("supplier code"),
        "supplier code|supplier code in exact|crediteurcode|code van de crediteur|crediteurnummer|leverancierscode",
    ),
    "buyer_kvk": (gettext_noop("KvK of the buyer"), "kvk of the buyer|buyer kvk|kvk koper|kvk van de koper"),
    "buyer_vat": (
        gettext_noop("VAT number of the buyer"),
        "vat number of the buyer|buyer vat number|buyer vat|btw nummer koper|btw nummer van de koper",
    ),
    "administration": (gettext_noop("administration"), "administration|administratie"),
    "reference": (gettext_noop("reference"), "reference|your reference|referentie|uw referentie|kenmerk"),
    "delivery_date": (
        gettext_noop("delivery date"),
        "delivery date|requested delivery date|leverdatum|gewenste leverdatum|leverdatum order",
    ),
    "currency": (gettext_noop("currency"), "currency|valuta|munt"),
}
_LINE = {
    "line": (gettext_noop("line"), "line|line number|regel|regelnummer|positie"),
    "supplier_item": (
        gettext_noop("item code of the supplier"),
        "item code of the supplier|supplier item|supplier item code|artikelcode leverancier|artikelcode crediteur|"
        "artikelcode van de crediteur|artikelnummer leverancier|bestelcode",
    ),
    "our_item": (
        gettext_noop("our item code"),
        "our item code|item code|item|onze artikelcode|eigen artikelcode|artikelcode|artikelnummer|artikel",
    ),
    "gtin": (gettext_noop("GTIN / barcode"), "gtin barcode|gtin|ean|ean code|barcode|streepjescode"),
    "description": (gettext_noop("description"), "description|omschrijving|artikelomschrijving|item name"),
    "quantity": (gettext_noop("quantity"), "quantity|qty|aantal|hoeveelheid"),
    "unit": (gettext_noop("unit"), "unit|eenheid"),
    "price": (
        gettext_noop("price without VAT"),
        "price without vat|price|net price|unit price|prijs|prijs zonder btw|prijs excl btw|stukprijs|"
        "prijs per eenheid",
    ),
    "discount": (gettext_noop("discount %"), "discount|discount percentage|korting|kortingspercentage"),
    "vat_rate": (gettext_noop("VAT %"), "vat|vat percentage|vat rate|btw|btw percentage|btw tarief"),
    "line_delivery_date": (
        gettext_noop("delivery date of the line"),
        "delivery date of the line|line delivery date|leverdatum regel|leverdatum van de regel",
    ),
    "cost_centre": (gettext_noop("cost centre"), "cost centre|cost center|kostenplaats"),
    "cost_unit": (gettext_noop("cost unit"), "cost unit|kostendrager"),
    "project": (gettext_noop("project"), "project|project text|projecttekst|projectomschrijving"),
}
HEAD, LINE = tuple(_HEAD), tuple(_LINE)
COLUMNS = Columns(_HEAD | _LINE, needed=("order_number", "order_date", "quantity"), once=True)
# What says which item a line orders; one of them must.
ITEMS = ("supplier_item", "our_item", "gtin", "description")
SUPPLIER = ("supplier_name", "supplier_vat", "supplier_kvk", "supplier_code")
_OF_INVOICES = ("factuur", "invoice")


def names_orders(header: Iterable[str]) -> bool:
    """Tell whether a first row is that of the template: an order number, a quantity, an item, and no invoice."""
    cells = list(header)
    found = COLUMNS.headings(cells)
    if any(plain(cell).startswith(_OF_INVOICES) for cell in cells):
        return False
    return {"order_number", "quantity"} <= found.keys() and any(one in found for one in ITEMS)
