"""What is said about digital mailboxes: their address, what Exact's words mean, what to do about each state. Pure.

Sources: Exact facts 3.5 (refusals), 4.7 (fields), 6.2 (allowed senders).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import identifiers

Text = str | Promise
_TRIAL = ("trial", "proefaccount", "proeflicentie", "proefadministratie", "proefversie")
_TAKEN = ("bestaat reeds", "already exists")
_MAILBOX = ("digitale brievenbus", "digitale postbus", "digital mailbox", "digital postbox", "mailbox")
_DIVISION = ("divisie", "division", "administratie")
_SCOPE = "application scope violated"


class NoAddress(Exception):
    """No address can be made. The message is a sentence for people, with what to do."""


class Refusal(StrEnum):
    """What a refusal of Exact means for a mailbox; the values are those of the model's states."""

    FORBIDDEN = "forbidden"
    ELSEWHERE = "elsewhere"
    TRIAL = "trial"
    REFUSED = "refused"
    THERE = "fresh"


class Act(TextChoices):
    """What a person may do on the page of a mailbox."""

    CREATE = "create", gettext_lazy("Find or create it in Exact")
    CHECK = "check", gettext_lazy("Check now")
    RETRY = "retry", gettext_lazy("Try again")
    USE = "use", gettext_lazy("Use this one")
    OWN = "own", gettext_lazy("Make our own")
    DONE = "done", gettext_lazy("I did it, check now")


@dataclass(frozen=True, slots=True)
class Advice:
    """A sentence what is so, a sentence what to do, the colour, the buttons, and whether to make it by hand."""

    sentence: Text
    remedy: Text
    level: str
    acts: tuple[Act, ...]
    by_hand: bool = False


_NOT_AGAIN = (Act.RETRY, Act.DONE)
ADVICE: dict[str, Advice] = {
    "none": Advice(
        gettext_lazy("This administration has no digital mailbox yet, as far as we know."),
        gettext_lazy("Let us find or create it, or make it in Exact Online by the steps below."),
        "fair",
        (Act.CREATE, Act.DONE),
        by_hand=True,
    ),
    "fresh": Advice(
        gettext_lazy("The mailbox was just made, or somebody says that it is there."),
        gettext_lazy(
            "Exact Online needs some minutes before it shows. We look again by ourselves; nothing is to be done."
        ),
        "fair",
        (Act.CHECK,),
    ),
    "active": Advice(
        gettext_lazy("The mailbox is there and is bound to this administration."),
        gettext_lazy("Nothing is to be done. We look again each night."),
        "good",
        (Act.CHECK,),
    ),
    "forbidden": Advice(
        gettext_lazy("Exact Online does not let this user see or make digital mailboxes."),
        gettext_lazy(
            "Give the Exact user the right to maintain digital mailboxes, and see that the licence holds them; then "
            "try again. Or let somebody with that right make the mailbox by the steps below."
        ),
        "poor",
        _NOT_AGAIN,
        by_hand=True,
    ),
    "elsewhere": Advice(
        gettext_lazy("This address is bound to another administration in Exact Online."),
        gettext_lazy(
            "In Exact Online, open the mailbox in the other administration and bind it to this division, or remove it "
            "there; then try again. If the other one is right, link our administration to that division."
        ),
        "poor",
        _NOT_AGAIN,
        by_hand=True,
    ),
    "trial": Advice(
        gettext_lazy("Exact Online makes no digital mailbox in a trial licence."),
        gettext_lazy("Turn the trial licence into a paid one in Exact Online, then try again."),
        "poor",
        (Act.RETRY, Act.DONE),
    ),
    "missing": Advice(
        gettext_lazy("The mailbox is not found in Exact Online."),
        gettext_lazy(
            "See in Exact Online whether it was removed, or bound to another administration. Try again to have it "
            "made anew, or make it by the steps below."
        ),
        "poor",
        _NOT_AGAIN,
        by_hand=True,
    ),
    "refused": Advice(
        gettext_lazy("Exact Online refused to make the mailbox."),
        gettext_lazy(
            "Its words stand below. Mend what they say and try again, or make the mailbox by the steps below."
        ),
        "poor",
        _NOT_AGAIN,
        by_hand=True,
    ),
    "offered": Advice(
        gettext_lazy("Exact Online has a digital mailbox for this division already, under another address."),
        gettext_lazy("Say whether documents are to be put into that one, or whether we make our own."),
        "poor",
        (Act.USE, Act.OWN),
    ),
}
_NO_SCOPE = Advice(
    gettext_lazy("Our app may not use digital mailboxes in Exact Online."),
    gettext_lazy(
        "Tick the scope Communication mailboxes of the app in the Exact App Center, wait for the approval of Exact, "
        "and sign in again; then try again. Until then the mailbox can be made by the steps below."
    ),
    "poor",
    _NOT_AGAIN,
    by_hand=True,
)
_UNDER_WAY = Advice(
    gettext_lazy("The mailbox is being looked for, and made where it is not there."),
    gettext_lazy("Look again in a minute; nothing is to be done."),
    "fair",
    (),
)
_UNBOUND = Advice(
    gettext_lazy("This address is there in Exact Online, and is bound to no administration."),
    gettext_lazy("In Exact Online, open the mailbox and bind it to this division; then press the button."),
    "poor",
    _NOT_AGAIN,
    by_hand=True,
)
STEPS: tuple[Text, ...] = (
    gettext_lazy("Sign in to Exact Online and open this administration."),
    gettext_lazy(
        "Choose Mijn Exact Online > Mijn relatiegegevens > Mijn digitale brievenbussen, and there Toevoegen."
    ),
    gettext_lazy("Fill in the address below, and choose this division as the administration."),
    gettext_lazy(
        "Save. Then fill in the same address as e-mail address in the contact details (Mijn relatiegegevens)."
    ),
    gettext_lazy(
        "Come back here and press the button: it may take some minutes before Exact shows the mailbox."
    ),
)


def address_of(pattern: str, numbers: Sequence[str], chamber: str = "") -> str:
    """Return the address of an administration's mailbox after `pattern`, in which {kvk} stands for its number.

    `numbers` are the KvK numbers it goes by, `chamber` what Exact has for its division. Raises NoAddress.
    """
    there = identifiers.kvk(chamber) if chamber else None
    read = [number for number in (identifiers.kvk(text) for text in numbers) if number]
    found = [*([there] if there else []), *read]
    usable = {number.value for number in found if number.valid and not number.is_placeholder}
    if not found:
        raise NoAddress(
            _("This administration has no KvK number. Fill it in at its identifiers, then try again.")
        )
    if not usable:
        raise NoAddress(
            _("The KvK number %(number)s is no real number. Fill in the right one, then try again.")
            % {"number": found[0].value}
        )
    if len(usable) > 1 and not (there and there.value in {number.value for number in read}):
        raise NoAddress(
            _("This administration has several KvK numbers (%(numbers)s). Leave one of them, then try again.")
            % {"numbers": ", ".join(sorted(usable))}
        )
    chosen = there.value if there and there.value in usable else min(usable)
    return _checked(pattern.replace("{kvk}", chosen))


def _checked(address: str) -> str:
    try:
        validate_email(address)
    except ValidationError as error:
        raise NoAddress(
            _("%(address)s is no e-mail address: correct the setting EXACT_MAILBOX_PATTERN.")
            % {"address": address}
        ) from error
    return address.lower()


def refusal_of(status: int | None, words: str) -> Refusal | None:
    """Return what an answer of Exact to a creation means: its words, in the language of its user (Exact facts 3.5).

    `status` of a refusal; None when it is not known whether it was one, and then the words must say it.
    """
    text = words.lower()
    if status == 403:
        return Refusal.FORBIDDEN
    if any(part in text for part in _TRIAL):
        return Refusal.TRIAL
    taken = any(part in text for part in _TAKEN) and any(part in text for part in _MAILBOX)
    if taken and any(part in text for part in _DIVISION):
        return Refusal.ELSEWHERE
    if taken:  # by ourselves: it is only not shown yet
        return Refusal.THERE
    return Refusal.REFUSED if status is not None else None


def advice_of(state: str, words: str = "", *, is_wanted: bool = False, is_unbound: bool = False) -> Advice:
    """Return what to say about a mailbox in `state` about which Exact said `words`.

    `is_wanted`: it is being made; `is_unbound`: Exact shows it, bound to no division.
    """
    if is_wanted:
        return _UNDER_WAY
    if state == Refusal.ELSEWHERE and is_unbound:
        return _UNBOUND
    if state == Refusal.FORBIDDEN and _SCOPE in words.lower():
        return _NO_SCOPE
    return ADVICE[state]


def bound_words(ours: str, theirs: str) -> str:
    """Return which two divisions claim a mailbox: what each is called, with its number; "" for one not known."""
    if not theirs:
        return _(
            "This administration is division %(ours)s; of the other one Exact does not tell the number."
        ) % {"ours": ours}
    return _("This administration is division %(ours)s; the mailbox is bound to division %(theirs)s.") % {
        "ours": ours,
        "theirs": theirs,
    }
