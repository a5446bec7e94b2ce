"""The form in which each division gets its administration: the choices of its rows, and what was chosen."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.addresses import key_in, typed_in
from apps.exact import choosing
from apps.exact.choosing import Choice, Offered, Outcome
from apps.exact.proposals import Advice
from apps.people.models import User


def options(row: Offered) -> list[tuple[str, str, bool]]:
    """Return the choices of a row as value, words, and whether it stands there at first."""
    proposal = row.proposal
    new = str(proposal.client or "")
    is_certain, is_rest = proposal.advice is Advice.LINK, proposal.advice is Advice.CREATE
    link = _("Link to %(name)s")
    found = [
        (f"{'certain' if is_certain else 'link'}:{one.key}", link % {"name": one.name}, is_certain)
        for one in proposal.books
    ]
    create = (
        _("New administration of client %(name)s")
        if proposal.client
        else _("New client %(name)s with administration")
    )
    nothing = (f"rest:{new}" if is_rest else "", _("nothing chosen"), not is_certain)
    leave = [("none", _("Leave it out"), False)] if is_rest else []
    return [nothing, *found, (f"create:{new}", create % {"name": row.client}, False), *leave]


def choices(form: Mapping[str, str], user: User) -> list[Choice]:
    """Return what the form says, row by row; what was filled in by hand goes before what was chosen from the list."""
    accepts = {name: name in form for name in ("certain", "rest")}
    keys = [key_in(name.removeprefix("choice-")) for name in form if name.startswith("choice-")]
    found: list[Choice] = []
    for key in filter(None, keys[: choosing.MOST]):
        text = typed_in(form.get(f"other-{key}", ""))
        value = form[f"choice-{key}"]
        read = choosing.read_written(key, text, user) if text else choosing.read_choice(key, value, **accepts)
        if read:
            found.append(read)
    return found


def told(outcome: Outcome) -> tuple[str, str]:
    """Return what a session keeps of a division that could not be linked: its name, and why."""
    return str(outcome.division), outcome.words


def linked(count: int) -> str:
    """Return what is said of the divisions that were linked."""
    words = ngettext(
        "%(count)d division is linked; it is being read now.",
        "%(count)d divisions are linked; they are being read now.",
        count,
    )
    return words % {"count": count}
