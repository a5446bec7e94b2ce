"""What may be typed into the account field of a line: a code, a name, or a word for what else could be meant. Pure.

The words are those of either language, whatever language the page is in (screens, the review screen).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

PREVIOUS = frozenset({"previous", "vorige"})
MOST_COMMON = frozenset({"most common", "most", "meest", "meeste", "meest gebruikt"})
RULE = frozenset({"rule", "regel"})
BETWEEN = " - "
MOST_NAMED = 3


class UnknownAccount(ValueError):
    """No account is meant by what was typed; the message says so to people."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """`names`: code -> description of what may be booked on; `past`: asked for what the supplier was booked on.

    `past` gives codes, newest first; it is called only when a word asks for it.
    """

    names: Mapping[str, str]
    past: Callable[[], Sequence[str]]


def account_in(text: str, accounts: Accounts, *, by_rule: str = "") -> str:
    """Return the code that `text` means; "" for nothing. A code that nobody knows is returned as it is.

    `by_rule`: the account that a rule says for this line. Raises UnknownAccount.
    """
    typed = " ".join(text.split())
    word = typed.casefold()
    if not typed or typed in accounts.names:
        return typed
    if word in PREVIOUS:
        return _known(accounts.past()[:1], accounts, _("This supplier was not booked before."))
    if word in MOST_COMMON:
        common = [code for code, _times in Counter(accounts.past()).most_common(1)]
        return _known(common, accounts, _("This supplier was not booked before."))
    if word in RULE:
        return _known([by_rule] if by_rule else [], accounts, _("No rule says an account for this line."))
    code = typed.split(BETWEEN, 1)[0].strip()
    if BETWEEN in typed and code in accounts.names:
        return code
    return _named(typed, accounts)


def _known(codes: Sequence[str], accounts: Accounts, otherwise: str) -> str:
    code = next(iter(codes), "")
    if not code:
        raise UnknownAccount(otherwise)
    if code not in accounts.names:
        raise UnknownAccount(_("Ledger account %(code)s may not be booked on any more.") % {"code": code})
    return code


def _named(typed: str, accounts: Accounts) -> str:
    """Return the account that is called so: its whole name, else how it begins, else what stands in it."""
    word = typed.casefold()
    if not any(letter.isalpha() for letter in word):
        return typed  # a code that is not there: the check of codes says so
    names = {code: name.casefold() for code, name in accounts.names.items()}
    tests: tuple[Callable[[str], bool], ...] = (
        lambda name: name == word,
        lambda name: name.startswith(word),
        lambda name: word in name,
    )
    for fits in tests:
        found = [code for code, name in names.items() if fits(name)]
        if len(found) == 1:
            return found[0]
        if found:
            raise UnknownAccount(_several(typed, found, accounts))
    raise UnknownAccount(_("No ledger account is called “%(text)s”.") % {"text": typed[:60]})


def _several(typed: str, found: Sequence[str], accounts: Accounts) -> str:
    named = ", ".join(f"{code} {accounts.names[code]}" for code in found[:MOST_NAMED])
    if len(found) > MOST_NAMED:
        named = f"{named}, ..."
    return _("Several ledger accounts are called “%(text)s”: %(names)s.") % {
        "text": typed[:60],
        "names": named,
    }
