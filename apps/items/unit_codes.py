"""The names that units go by: UN/ECE Recommendations 20 and 21, and the words that people write. Pure.

Recommendation 21 (packages) is written with an X before it in Peppol documents ("XBX"). Left out on purpose is what
means two things: "dozen" are twelve in English and boxes in Dutch, "vat" is a drum and a tax.
"""

from apps.items.wanted import plain

# By the code that stands for all of them: everything that means the same.
_NAMES = {
    # "ST" is a sheet in Recommendation 20; whoever writes it means a Stück or stuk.
    "C62": "h87 ea each pce pcs pc piece pieces unit units one st stk stks stuk stuks stck nar eenheid eenheden",
    "PR": "npr paar paren pair pairs",
    "SET": "sets stel",
    "DZN": "dozijn dpc",
    "CEN": "hundred honderd",
    "MIL": "thousand duizend t3",
    "BX": "xbx ct xct box boxes carton cartons karton kartons doos ds doosje doosjes",
    "PK": "xpk pa xpa nmp pack packs package packages packet pak pakken pakje pakjes verpakking verpakkingen vp",
    "PF": "xpf px xpx pallet pallets palet plt",
    "BG": "xbg sa xsa bag bags sack sacks zak zakken zk",
    "RO": "xro rol rollen roll rolls rl",
    "BO": "xbo bq xbq fles flessen bottle bottles",
    "CA": "xca xcx can cans blik blikken",
    "BJ": "xbj emmer emmers bucket buckets",
    "DR": "xdr drum drums",
    "CR": "xcr krat kratten crate crates",
    "BE": "xbe bundel bundels bundle bundles bos bossen",
    "TU": "xtu tube tubes koker kokers",
    "KGM": "kg kilo kilos kilogram kilograms kgs",
    "GRM": "g gr gram grams grammen",
    "TNE": "t ton tonnen tonne tonnes",
    "LTR": "l lt liter liters litre litres",
    "MLT": "ml milliliter milliliters millilitre",
    "MTR": "m meter meters metre metres m1 strekkende_meter",
    "CMT": "cm centimeter centimeters centimetre",
    "MMT": "mm millimeter millimeters millimetre",
    "KMT": "km kilometer kilometers kilometre",
    "MTK": "m2 vierkante_meter vierkante_meters square_metre",
    "MTQ": "m3 kubieke_meter kubieke_meters kuub cubic_metre",
    "HUR": "h hr hrs u uur uren hour hours",
    "MIN": "minuut minuten minute minutes",
    "DAY": "dag dagen days",
    "WEE": "week weken weeks",
    "MON": "maand maanden month months",
    "ANN": "jaar jaren year years",
    "LS": "lump_sum e48 post",
    "KWH": "kwu kilowattuur",
}
_CODES = {
    plain(name.replace("_", " ")): code for code, names in _NAMES.items() for name in (code, *names.split())
}


def code_of(text: str) -> str:
    """Return the code of Recommendation 20 or 21 that a code or word means, "" for one that is not in the table."""
    return _CODES.get(plain(text), "")


def are_one(one: str, *names: str) -> bool:
    """Tell whether `one` means the same unit as any of `names`: by the table, or written alike."""
    code, text = code_of(one), plain(one)
    return any((code and code == code_of(name)) or (text and text == plain(name)) for name in names)
