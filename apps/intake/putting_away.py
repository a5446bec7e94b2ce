"""Files of a folder whose parts have their outcome leave it: for `done`, or for `failed` with the reason."""

from django.conf import settings
from django.utils.translation import gettext as _

from apps.intake import folder_files, keeping
from apps.intake.folder_pass import Pass, too_large
from apps.intake.models import Part, PartOutcome, Receipt


def put_away(this: Pass) -> None:
    """Put away what was read; what is only partly read waits."""
    taken = folder_files.taken(this.place)
    for mark, receipt in this.receipts(list(taken)).items():
        for name in taken[mark]:
            parts = _parts_of(receipt, name)
            if receipt.opened_at is None or any(part.outcome == PartOutcome.RECEIVED for part in parts):
                continue
            try:
                folder_files.finish(this.place, mark, name, failed=_why_failed(parts))
            except OSError as error:
                this.tell(name, error)


def _parts_of(receipt: Receipt, name: str) -> list[Part]:
    parts = list(receipt.parts.all())
    own = [part for part in parts if part.filename == keeping.filename_of(name)]
    return own if own and receipt.message_id is None else parts


def _why_failed(parts: list[Part]) -> str:
    rejected = [part for part in parts if part.outcome == PartOutcome.REJECTED]
    lines = [f"{part.filename}: {part.reason}" for part in rejected]
    if rejected and len(rejected) < len(parts):
        lines.append(_("Everything else in this file was taken in."))
    return "\n".join([*lines, ""]) if lines else ""


def tell_too_large(this: Pass) -> None:
    """Remember what lies in `failed` and was never kept, until somebody takes it away."""
    for name in folder_files.larger_than(this.place, settings.MAX_MAIL_BYTES):
        words = _("“%(name)s” lies in “failed”: %(why)s")
        this.troubles.append(words % {"name": keeping.printable(name), "why": too_large()})
