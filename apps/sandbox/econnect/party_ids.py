"""Ids of participants: text and number forms are equal (eConnect facts 2.1)."""

_PREFIX = "ISO6523-ACTORID-UPIS::"
_NUMBERS = {"NL:KVK": "0106", "NL:OINO": "0190", "NL:VAT": "9944"}
_TEXTS = {number: text for text, number in _NUMBERS.items()}


def number_form(text: str) -> str:
    """Return `0106:12345678` for any way to write the id; what is not known stays as it is, in capitals."""
    plain = text.strip().upper().removeprefix(_PREFIX)
    for words, number in _NUMBERS.items():
        if plain.startswith(f"{words}:"):
            return f"{number}:{plain.removeprefix(f'{words}:')}"
    return plain


def text_form(party_id: str) -> str:
    """Return `NL:KVK:12345678` for an id in the number form; without a text for its scheme the id itself."""
    number, _colon, rest = party_id.partition(":")
    return f"{_TEXTS[number]}:{rest}" if number in _TEXTS else party_id
