"""Which days of a division take no bookings any more: closed journal periods and filed VAT returns. Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

VAT_RETURN, REALISED = 31, 40  # Returns.Type, and the Status from which a return was filed (Exact facts 4.8)
_MONTHS = {"M": 1, "Q": 3, "Y": 12, "A": 12}


class Trouble(StrEnum):
    """Why a day is no day to book on. CLOSED: Exact refuses it. FILED: it would change a VAT return."""

    CLOSED = "closed"
    FILED = "filed"


@dataclass(frozen=True)
class Calendar:
    """`periods`: (start, end, year, period); `closed`: (journal, year, period); `filed`: (start, end) of returns."""

    periods: tuple[tuple[date, date, int, int], ...] = ()
    closed: frozenset[tuple[str, int, int]] = frozenset()
    filed: tuple[tuple[date, date], ...] = ()

    def has_period(self, day: date) -> bool:
        """Tell whether `day` lies in a period; True when the periods were never synced."""
        return not self.periods or any(start <= day <= end for start, end, *_rest in self.periods)

    def trouble(self, journal: str, day: date) -> Trouble | None:
        """Return what is the matter with booking on `day` in `journal`, None when nothing is."""
        for start, end, year, period in self.periods:
            if start <= day <= end and (journal, year, period) in self.closed:
                return Trouble.CLOSED
        return Trouble.FILED if any(start <= day <= end for start, end in self.filed) else None

    def first_open_day(self, journal: str, day: date) -> date | None:
        """Return the first day of the first open period after `day`, None when there is none."""
        starts = sorted(start for start, *_rest in self.periods if start > day)
        return next((start for start in starts if self.trouble(journal, start) is None), None)


def span(year: int, period: int, frequency: str) -> tuple[date, date] | None:
    """Return the first and last day of a VAT return: months, quarters or a year; None for anything else."""
    months = _MONTHS.get(frequency.strip().upper())
    if months is None or not 1 <= period <= 12 // months or not 1 <= year <= 9999:
        return None
    last = period * months
    return date(year, last - months + 1, 1), date(year, last, monthrange(year, last)[1])
