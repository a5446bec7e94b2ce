"""One look into one folder, by whoever holds its lease."""

from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from apps.core import clock, leases
from apps.intake import keeping
from apps.intake.folder_place import Place
from apps.intake.models import Folder, Receipt

LEASE_SECONDS = 120


@dataclass(slots=True)
class Pass:
    """One look into one folder: what was wrong with single files, and when it must end."""

    folder: Folder
    lease: UUID
    place: Place
    ends_at: float
    troubles: list[str] = field(default_factory=list)

    def goes_on(self) -> bool:
        """Tell whether there is time left and the folder is still ours."""
        return clock.stopwatch() < self.ends_at and leases.renew(
            self.folder, self.lease, seconds=LEASE_SECONDS
        )

    def key_of(self, mark: str) -> str:
        """Return the name of an arrival at its source."""
        return f"folder {self.folder.pk} {mark}"

    def tell(self, name: str, error: OSError) -> None:
        """Remember that a file could not be handled."""
        words = _(
            "“%(name)s” cannot be taken in (%(words)s). Give it a short name, and Postkamer the right to move it."
        )
        self.troubles.append(words % {"name": keeping.printable(name), "words": error.strerror or error})

    def receipts(self, marks: list[str]) -> dict[str, Receipt]:
        """Return what was kept of the marks; two queries for any number of them."""
        keys = {self.key_of(mark): mark for mark in marks}
        rows = Receipt.objects.filter(source_key__in=keys).prefetch_related("parts")
        return {keys[receipt.source_key]: receipt for receipt in rows}


def too_large() -> str:
    """Return the sentence about a file that is larger than what is kept at all."""
    limit = settings.MAX_MAIL_BYTES // 1024**2
    return _(
        "The file is larger than the %(limit)d MB that can be kept. Make it smaller and offer it again."
    ) % {"limit": limit}
