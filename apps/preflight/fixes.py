"""What each point is called, what is wrong and what to do about it: made when shown, in the reader's language. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.exact.mailbox_words import advice_of
from apps.exact.rights_words import BY_KEY, PATH, RIGHTS
from apps.preflight.fix_words import LEVELS, NOT_KNOWN, NOTES, SPARED, TITLES, UNKNOWN, WRONG
from apps.rules.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Words:
    """A point for people: its title, its level as a word, what was found, what to do ("": nothing)."""

    title: str
    level: str
    what: str
    fix: str = ""


def words_of(point: Mapping[str, Any]) -> Words:
    """Return the words of a point as it is stored (`Point.kept`)."""
    key, level = str(point["key"]), str(point["level"])
    title, named = title_of(key), str(LEVELS[level])
    if level == "good":
        return Words(title, named, "")
    case = str(point.get("case", ""))
    if level == "note":
        return Words(title, named, str(SPARED[case] if case in SPARED else NOTES.get(key, "")))
    values = _values(key, point)
    if case == "state":
        told = advice_of(**point["values"])
        return Words(title, named, str(told.sentence), str(told.remedy))
    if level == "unknown":
        what, fix = UNKNOWN.get(key, NOT_KNOWN)
    else:  # a case of an earlier edition may be stored still
        what, fix = WRONG.get(("right" if _is_right(key) else key, case), NOT_KNOWN)
    return Words(title, named, str(what) % values, str(fix) % values)


def title_of(key: str) -> str:
    """Return what a point is called."""
    if _is_right(key):
        return BY_KEY[key.removeprefix("right_")].shown
    return str(TITLES[key])


def advice() -> list[tuple[str, list[str]]]:
    """Return the rights of a role of its own: by tab in Exact, what is ticked there."""
    tabs: dict[str, list[str]] = {}
    for right in RIGHTS:
        tabs.setdefault(right.tab, []).append(right.shown)
    return list(tabs.items())


def _is_right(key: str) -> bool:
    return key.startswith("right_")


def _values(key: str, point: Mapping[str, Any]) -> dict[str, Any]:
    values = {"path": PATH, **point.get("values", {})}
    if _is_right(key):
        right = BY_KEY[key.removeprefix("right_")]
        values |= {"right": right.shown, "tab": right.tab}
    if "scenarios" in values:
        labels = dict(Scenario.choices)
        values["scenarios"] = ", ".join(str(labels.get(name, name)) for name in values["scenarios"])
    if "accounts" in values:
        values["accounts"] = _more((f"{code} ({user})" for code, user in values["accounts"]), values)
    if "same" in values:
        found = (f"{number} ({', '.join(names)})" for number, names in values["same"])
        values["same"] = _more(found, values, "; ")
    for name in ("names", "codes"):
        if name in values:
            values[name] = ", ".join(values[name])
    return values


def _more(named: Any, values: Mapping[str, Any], between: str = ", ") -> str:
    """Join what is named; behind it how many there are besides."""
    texts = list(named)
    left = int(values.get("count", 0)) - len(texts)
    more = [_("and %(count)s more") % {"count": left}] if left > 0 else []
    return between.join([*texts, *more])
