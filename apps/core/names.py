"""Names of companies, made comparable: spelling, legal forms, trade names. Pure; a name never decides anything."""

import re
import unicodedata
from functools import lru_cache

# Written without dots and blanks; what is in brackets is where the form is used.
LEGAL_FORMS = frozenset(
    # Netherlands and Belgium
    "bv nv vof cv bvba cvba cva sprl scrl vzw ivzw asbl aisbl gcv commv comva ebvba stichting vereniging "
    "cooperatie cooperatief maatschap eenmanszaak ua wa ba holdingbv "
    # Germany, Austria, Switzerland
    "gmbh mbh ggmbh ag kg kgaa ohg gbr ug ek ev eg "
    # United Kingdom, Ireland, United States
    "ltd limited plc llp lp cic inc incorporated llc corp corporation "
    # France, Luxembourg, Italy, Spain, Nordic and other EU forms
    "sa sarl sas sasu eurl snc sci scop srl spa sl slu sro oy oyj ab as aps kft zrt doo "
    # forms of the Union
    "se sce eesv eeig geie ewiv".split()
)
# In words, longest first: "besloten vennootschap" is "bv".
_IN_WORDS = (
    ("besloten vennootschap", "bv"),
    ("naamloze vennootschap", "nv"),
    ("vennootschap onder firma", "vof"),
    ("commanditaire vennootschap", "cv"),
    ("gesellschaft mit beschrankter haftung", "gmbh"),
    ("aktiengesellschaft", "ag"),
    ("private limited company", "ltd"),
    ("public limited company", "plc"),
    ("societe anonyme", "sa"),
    ("societas europaea", "se"),
)
_SAME_FORM = {"limited": "ltd", "incorporated": "inc", "corporation": "corp", "cooperatief": "cooperatie"}
# In front of a name the others are somebody's initials: "A.G. Visser", "A.B. Bakker".
_IN_FRONT = frozenset(
    "bv nv vof stichting vereniging cooperatie cooperatief maatschap eenmanszaak vzw asbl sarl".split()
)
# Forms that say for certain what somebody is. Those in one text are one: renamed by law, or in two languages.
_FAMILIES = (
    "bv bvba sprl srl", "nv sa", "cv cvba scrl", "vzw asbl", "vof snc", "cooperatie ua", "gmbh", "kg", "ag", "sarl",
    "stichting", "vereniging", "maatschap", "ltd", "plc", "llp",
)  # fmt: skip
_FAMILY = {form: forms.split()[0] for forms in _FAMILIES for form in forms.split()}
_JOINING = frozenset({"en", "and", "et", "und"})
_BETWEEN_FORMS = _JOINING | {"co"}  # "GmbH & Co. KG"
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.\s?){2,}(?:[^\W\d_]\b)?")
_NOT_IN_WORDS = re.compile(r"[\W_]+")
_APOSTROPHE = re.compile(r"['’`´]")
_TRADING = re.compile(
    r"\b(?:t\.?h\.?o\.?d\.?n\.?|h\.?o\.?d\.?n\.?|(?:mede |tevens )?handelend onder de na(?:am|men)|trading as|t/a|"
    r"d/?b/?a|doing business as|o/n)(?=[\s:(])[\s:]*",
    re.IGNORECASE,
)
LONGEST = 255  # characters; longer text is no name


def _words(name: str) -> list[str]:
    """The words of a name in plain letters; letters with dots between them ("B.V.", "J.G.") are one word."""
    text = unicodedata.normalize("NFKD", name[:LONGEST]).casefold()
    text = unicodedata.normalize("NFKD", text).translate(_LETTERS)
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = _DOTTED.sub(lambda found: re.sub(r"[.\s]", "", found[0]) + " ", _APOSTROPHE.sub("", text))
    text = " ".join(_NOT_IN_WORDS.sub(" ", text).split())
    for long, short in _IN_WORDS:
        text = text.replace(long, short)
    words = text.split()
    if len(words) > 2 and "".join(words[-2:]) in ("bv", "nv", "cv", "as"):  # "B V" at the end, "A/S"
        words[-2:] = ["".join(words[-2:])]
    return words


@lru_cache(maxsize=8192)
def _split(name: str) -> tuple[str, str]:
    words = _words(name)
    forms: list[str] = []
    while words and (words[-1] in LEGAL_FORMS or (forms and words[-1] in _BETWEEN_FORMS)):
        forms.insert(0, words.pop())
    front: list[str] = []
    while words and words[0] in _IN_FRONT:
        front.append(words.pop(0))
    kept = [word for word in words if word not in _JOINING] or words or [*front, *forms]
    form = next(iter(forms[-1:] + front[:1]), "")
    return " ".join(kept), _SAME_FORM.get(form, form)


def plain(name: str) -> str:
    """Return `name` as compared: small letters without diacritics, no punctuation, no legal form, no "&" or "en".

    A name that is nothing but a legal form stays what it is.
    """
    return _split(name)[0]


def legal_form(name: str) -> str:
    """Return the legal form in `name` ("bv", "gmbh", "stichting"), "" without one: two equal names may differ in it."""
    return _split(name)[1]


def legal_family(name: str) -> str:
    """Return what the legal form in `name` comes down to ("bvba" is "bv"), "" when that is not certain."""
    return _FAMILY.get(legal_form(name), "")


def spellings(*names: str) -> tuple[str, ...]:
    """Return the plain forms of all that a company goes by, each once: also both sides of "X h.o.d.n. Y"."""
    parts = [part for name in names for part in (name, *_TRADING.split(name[:LONGEST])) if part.strip(" ()")]
    whole = [part for part in parts if not _TRADING.search(part)] or parts
    return tuple(dict.fromkeys(filter(None, map(plain, whole))))
