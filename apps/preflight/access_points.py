"""From the connected user, the licence and the digital mailbox to their points. Pure; the words stand in `fixes`."""

from collections.abc import Iterator

from apps.exact.rights_words import RIGHTS
from apps.preflight.access_facts import DOCUMENT, MAILBOX, Licence, Mailbox, Package, User, UserKind
from apps.preflight.levels import GOOD, LEVELS, NOTE, PACKAGE, POOR, UNKNOWN, UNLICENSED, UNUSED, USER, Point

LOGISTIC = frozenset({"invoice", "order"})  # methods that book on purchase invoices and orders
_FOR_MAILBOX = frozenset({"messages", "mailboxes"})


def user_points(user: User, licence: Licence) -> Iterator[Point]:
    """Yield connection, user, scopes and rights; a right that no method needs is a note."""
    yield connection(user)
    level = {UserKind.UNKNOWN: UNKNOWN, UserKind.FULL: GOOD}.get(user.kind, POOR)
    yield Point("user_kind", USER, level, user.kind, {"user": user.name})
    yield _scopes(user)
    for right in RIGHTS:
        may = user.rights.get(right.key)
        level, case = UNKNOWN if may is None else GOOD if may else POOR, ""
        if reason := _spared(right.key, level, licence):
            level, case = NOTE, reason
        yield Point(f"right_{right.key}", USER, level, case, {"user": user.name})


def connection(user: User) -> Point:
    """Return the point of the link and the connection."""
    if not user.is_linked:
        return Point("connection", USER, POOR, "unlinked")
    level, case = (POOR, "troubled") if user.trouble else (GOOD, "")
    return Point("connection", USER, level, case)


def _spared(right: str, level: str, licence: Licence) -> str:
    """Return why a right is a note, "" when it counts."""
    if right in _FOR_MAILBOX:
        if level == GOOD:
            return ""
        if not licence.wants_mailbox:
            return UNUSED
        return UNLICENSED if licence.lacks_mailbox else ""
    is_needed = licence.books_entries or (right == "documents" and DOCUMENT in licence.methods)
    return "" if is_needed else UNUSED


def _scopes(user: User) -> Point:
    if user.scopes is None:
        return Point("scopes", USER, UNKNOWN)
    return Point("scopes", USER, POOR if user.scopes else GOOD, "", {"names": list(user.scopes)})


def licence_points(licence: Licence, mailbox: Mailbox | None, user: User) -> Iterator[Point]:
    """Yield what the package holds, whether it is a trial, how the mailbox stands, and package against methods."""
    yield _feature(licence)
    if mailbox and licence.wants_mailbox:
        yield _mailbox(mailbox, licence)
    yield _trial(licence, mailbox, user)
    yield _methods(licence)


def _feature(licence: Licence) -> Point:
    if licence.features is None and not licence.has_mailbox:
        return Point("mailbox", PACKAGE, UNKNOWN if licence.wants_mailbox else NOTE)
    if licence.has_mailbox:
        return Point("mailbox", PACKAGE, GOOD)
    return Point("mailbox", PACKAGE, POOR if licence.wants_mailbox else NOTE)


def _mailbox(mailbox: Mailbox, licence: Licence) -> Point:
    """The worse of how it stands in Exact and of its own checklist; the former speaks where both are open."""
    key = "digital_mailbox"
    if licence.lacks_mailbox:
        return Point(key, PACKAGE, NOTE, UNLICENSED)
    level = min((mailbox.level, *mailbox.open_points), key=LEVELS.index)
    if level == mailbox.level:
        return Point(key, PACKAGE, level, "state", mailbox.told)
    return Point(key, PACKAGE, level, "checklist", {"count": len(mailbox.open_points)})


def _trial(licence: Licence, mailbox: Mailbox | None, user: User) -> Point:
    if mailbox and mailbox.is_refused_as_trial:
        return Point("trial", PACKAGE, POOR, "mailbox")
    if licence.trial:
        return Point("trial", PACKAGE, POOR, "", {"text": licence.trial})
    if licence.is_trial_user:
        return Point("trial", PACKAGE, POOR, "user", {"user": user.name})
    return Point("trial", PACKAGE, UNKNOWN if licence.features is None else GOOD)


def _methods(licence: Licence) -> Point:
    """Books elsewhere get documents by the mailbox of Exact Online alone; orders need a logistic package."""
    key, wrong = "methods", licence.methods - {MAILBOX}
    values = {"kind": licence.kind}
    if licence.package != Package.EXACT_ONLINE:
        return Point(key, PACKAGE, POOR if wrong else GOOD, str(licence.package), values)
    if not licence.methods & LOGISTIC:
        return Point(key, PACKAGE, GOOD, "", values)
    if licence.features is None and not licence.kind:
        return Point(key, PACKAGE, UNKNOWN, "", values)
    return Point(key, PACKAGE, GOOD if licence.is_logistic else POOR, "logistic", values)
