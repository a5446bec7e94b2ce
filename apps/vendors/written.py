"""An identity as people write it in a list, and whether it can be one: `vat` + `NL 8200.98.395.B01`. Pure."""

from collections.abc import Callable, Collection, Mapping

from django.utils.translation import gettext as _

from apps.core import identifiers
from apps.core.identifiers import Identifier, Kind
from apps.vendors.collective import normalised
from apps.vendors.domains import bare_domain
from apps.vendors.evidence import FEWEST_DIGITS, Key

NAME = "name"
FEWEST_LETTERS = 2


class NoIdentity(Exception):
    """This cannot be what a vendor is known by. The message is a sentence for people."""


def _peppol(text: str) -> Identifier | None:
    scheme, _colon, number = text.partition(":")
    return identifiers.peppol(scheme.strip(), number)


def _domain(text: str) -> Identifier | None:
    return identifiers.email_domain(bare_domain(text))


READERS: Mapping[str, Callable[[str], Identifier | None]] = {
    Kind.VAT: identifiers.vat,
    Kind.KVK: identifiers.kvk,
    Kind.BE_ENTERPRISE: identifiers.be_enterprise,
    Kind.OIN: identifiers.oin,
    Kind.GLN: identifiers.gln,
    Kind.PEPPOL: _peppol,
    Kind.IBAN: identifiers.iban,
    Kind.DOMAIN: _domain,
}
_CALLED: Mapping[str, str] = {
    Kind.VAT: "vat|btw|vat number|btw nummer|btw nr|tva",
    Kind.KVK: "kvk|kvk nummer|kvk number|coc|chamber of commerce|kamer van koophandel",
    Kind.BE_ENTERPRISE: "be enterprise|enterprise number|ondernemingsnummer|kbo",
    Kind.OIN: "oin",
    Kind.GLN: "gln",
    Kind.PEPPOL: "peppol|peppol id",
    Kind.IBAN: "iban|bank account|bankrekening",
    Kind.DOMAIN: "domain|domein|e mail domain|e maildomein|email domain|emaildomein",
    NAME: "name|naam",
}
_KINDS = {called: str(kind) for kind, names in _CALLED.items() for called in names.split("|")}


def identity(kind: str, value: str, *, known: Callable[[Key], bool] | None = None) -> Key:
    """Return the identity that `kind` and `value` mean, in its normal form.

    `known` tells of one that was decided about already: that may fail its check, as numbers on documents do. A name
    stays as it is written; `learning.identity_of` gives its normal form.
    Raises NoIdentity for an unknown kind, for what such a number cannot be, and for placeholders.
    """
    called = _KINDS.get(normalised(kind))
    if called is None:
        raise NoIdentity(
            _("“%(kind)s” is no kind of identity: write one of %(kinds)s.")
            % {"kind": kind, "kinds": ", ".join([*READERS, NAME])}
        )
    if called == NAME:
        return _name(value)
    found = READERS[called](value)
    if found is None or not _says_something(found):
        raise NoIdentity(_cannot(called, value))
    key = Key(found.kind.value, found.value)
    if found.is_placeholder:
        raise NoIdentity(
            _("%(key)s is filled in for want of a number; it says nothing of a vendor.") % {"key": key.words}
        )
    if not (found.valid or (known and known(key))):
        raise NoIdentity(_cannot(called, value))
    return key


def _says_something(found: Identifier) -> bool:
    return found.kind is Kind.DOMAIN or sum(map(str.isdigit, found.value)) >= FEWEST_DIGITS


def _cannot(kind: str, value: str) -> str:
    words = _(
        "“%(value)s” cannot be a number of this kind: %(kind)s. Look whether a zero or a letter was lost."
    )
    return words % {"value": value, "kind": identifiers.LABELS[kind]}


def _name(value: str) -> Key:
    if sum(map(str.isalnum, value)) < FEWEST_LETTERS:
        raise NoIdentity(_("A name needs at least two letters."))
    return Key(NAME, value)


def is_ours(key: Key, own: Collection[Key]) -> bool:
    """Tell whether `key` is a number of the firm's administrations, also as the address that holds it."""
    if key in own:
        return True
    scheme, colon, number = key.value.partition(":")
    inner = identifiers.from_scheme(scheme, number) if key.kind == Kind.PEPPOL and colon else ()
    vat = Identifier(Kind.VAT, key.value, True)
    implied = identifiers.implied(vat) if key.kind == Kind.VAT else ()
    return any(Key(one.kind.value, one.value) in own for one in (*inner, *implied))
