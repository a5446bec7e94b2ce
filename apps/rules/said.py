"""What people said no to: the machine does not propose it again on the same evidence. Pure."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.rules.suggestion import Suggestion


@dataclass(frozen=True, slots=True)
class Said:
    """One correction: on lines with this text, `chosen` instead of the `rejected` that `source` (rule `rule`) said.

    A VAT code was chosen for one `scenario`: text and supplier alone say nothing about VAT. Neither code: a person took
    back what was chosen for this text.
    """

    text_key: str
    field: str
    rejected: str
    source: str
    rule: int | None
    chosen: str
    by: str
    at: datetime
    scenario: str = ""

    def is_about(self, field: str, key: str, scenario: str) -> bool:
        """Tell whether it is about `field` of a line with this text, and for a VAT code with this VAT scenario."""
        is_same = self.field == field and self.text_key == key
        return is_same and (field != "vat_code" or self.scenario == scenario)


@dataclass(frozen=True, slots=True)
class Corrections:
    """The corrections of one supplier's lines, newest first."""

    said: Sequence[Said] = ()

    def weigh(
        self,
        field: str,
        key: str,
        candidates: Iterable[Suggestion],
        usable: Container[str],
        scenario: str = "",
    ) -> list[Suggestion]:
        """Return `candidates` for `field` of a line with this text, best first, with what a person chose before them.
        `scenario`: the VAT scenario of the line, "" when it is not known.

        What a person said no to is none any more, unless somebody chose it again later. A rule speaks before what
        was chosen when it is other evidence than what a person had seen: it was made or changed since, or did not
        speak then (it stands above the rule that was corrected, or none was).
        """
        about = list(_standing(one for one in self.said if one.is_about(field, key, scenario)))
        if not about:
            return list(candidates)
        newest, there = about[0], list(candidates)
        unheard = _unheard(there, about)
        chosen = [_chosen(newest)] if newest.chosen in usable else []
        rejected = _rejected(about)
        older = (one for one in there if one not in unheard and one.value not in rejected)
        return [*unheard, *chosen, *older]


def _standing(about: Iterable[Said]) -> Iterator[Said]:
    """Yield what was said since somebody last took all of it back, newest first."""
    return takewhile(lambda one: one.chosen or one.rejected, about)


def _unheard(candidates: Sequence[Suggestion], about: Sequence[Said]) -> list[Suggestion]:
    """Return what rules say that a person had not before them when they corrected."""
    corrected = {one.rule for one in about if one.rule}
    places = [place for place, one in enumerate(candidates) if one.rule and one.rule.pk in corrected]
    no_rule_spoke = all(one.source != "rule" for one in about)
    above = min(places) if places else len(candidates) if no_rule_spoke else 0
    return [
        one
        for place, one in enumerate(candidates)
        if one.rule and (place < above or _is_newer(one.rule.changed_at, about[0].at))
    ]


def _is_newer(changed_at: datetime | None, at: datetime) -> bool:
    return changed_at is not None and changed_at > at


def _rejected(about: Sequence[Said]) -> set[str]:
    """Return the codes to which the last word, newest first, was no."""
    settled: dict[str, bool] = {}
    for one in about:
        settled.setdefault(one.chosen, True)
        settled.setdefault(one.rejected, False)
    return {code for code, is_good in settled.items() if not is_good}


def _chosen(said: Said) -> Suggestion:
    why = _("chosen by %(who)s on %(day)s for this text") % {
        "who": said.by,
        "day": date_format(said.at, "j-n-Y"),
    }
    return Suggestion(said.chosen, "correction", why)
