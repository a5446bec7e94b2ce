"""What the worker does for the rules by itself. Decides nothing; ids only."""

from apps.exact.models import Division
from apps.rules import rechecking, vat_table


def propose(division: int) -> None:
    """Propose the VAT table and the purchase journal of a division's administration, from what was just read.

    What was confirmed of the table is held against it.
    """
    administration = Division.objects.select_related("administration").get(pk=division).administration
    if administration is not None:
        vat_table.propose(administration)
        rechecking.recheck(administration)
        vat_table.fill_journal(administration)
