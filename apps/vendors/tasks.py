"""What bells call. Decides nothing; ids only."""

from apps.exact.models import Division
from apps.vendors import stale


def ask_about_stale(division: int) -> None:
    """Turn mappings to suppliers that are gone from a division, or blocked there, into questions."""
    stale.ask_about(Division.objects.get(pk=division))
