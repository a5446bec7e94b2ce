"""Why Exact does not let us in any more: a closed list, each with its sentence and its remedy. Pure.

Sources: Exact facts 1.3 (errors of the token endpoint), 1.4 (rotation), 1.7 (Reason headers).
"""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Loss(models.TextChoices):
    """The causes. The last two are about one division, the others about the connection."""

    NO_ANSWER = "no_answer", _("a renewal got no answer")
    REPLACED = "replaced", _("replaced by another sign-in")
    UNUSED = "unused", _("not used for 30 days")
    PASSWORD = "password", _("password changed")
    CONSENT = "consent", _("consent withdrawn")
    SECRET = "secret", _("request refused")
    RIGHTS = "rights", _("user has no rights any more")
    BLOCKED_USER = "blocked_user", _("user blocked")
    INACTIVE_USER = "inactive_user", _("user not active")
    BLOCKED_CUSTOMER = "blocked_customer", _("customer blocked")
    LICENCE = "licence", _("licence expired")
    OTHER = "other", _("refused by Exact")
    DIVISION_BLOCKED = "division_blocked", _("administration blocked")
    NO_ACCESS = "no_access", _("no access to the administration")


OF_DIVISION = frozenset({Loss.DIVISION_BLOCKED, Loss.NO_ACCESS})
# Said of a call in one division these may be about the customer who owns it: only current/Me tells.
OF_CUSTOMER = frozenset({Loss.BLOCKED_CUSTOMER, Loss.LICENCE})
# Exact shuts somebody out and may let them in again; the chain itself is not known to be dead.
BARRED = frozenset({Loss.BLOCKED_USER, Loss.INACTIVE_USER, Loss.RIGHTS}) | OF_CUSTOMER
REASONS: dict[str, Loss] = {
    "BlockedUser": Loss.BLOCKED_USER,
    "InactiveUser": Loss.INACTIVE_USER,
    "BlockedCustomer": Loss.BLOCKED_CUSTOMER,
    "LicenseExpired": Loss.LICENCE,
    "DivisionBlocked": Loss.DIVISION_BLOCKED,
    "NoDivisionAccess": Loss.NO_ACCESS,
}
# What the words of a refused renewal say; the first that fits. Exact writes them in English or Dutch.
_WORDS: tuple[tuple[Loss, tuple[str, ...]], ...] = (
    (Loss.UNUSED, ("refresh token expired", "token is expired", "token is verlopen")),
    (Loss.PASSWORD, ("password", "wachtwoord")),
    (Loss.CONSENT, ("consent", "revoked", "withdrawn", "toestemming", "ingetrokken")),
    (Loss.REPLACED, ("old refresh token",)),
)


@dataclass(frozen=True, slots=True)
class Remedy:
    """What is wrong, what to do about it, and whether signing in again is what helps."""

    sentence: Promise
    remedy: Promise
    sign_in: bool = True


REMEDIES: dict[str, Remedy] = {
    Loss.NO_ANSWER: Remedy(
        _("Exact Online did not answer when the access was renewed, and may have renewed it all the same."),
        _("Nothing yet: it is tried once more by itself. If that fails you are asked to sign in again."),
        sign_in=False,
    ),
    Loss.REPLACED: Remedy(
        _("Exact Online has given this access a successor that we do not have."),
        _(
            "Sign in again. If it comes back, somebody signs in to the same app with the same Exact user elsewhere: "
            "give Postkamer an Exact user of its own."
        ),
    ),
    Loss.UNUSED: Remedy(
        _("The connection was not used for 30 days, and Exact Online has ended it."),
        _("Sign in again, and see on the health page why the worker did not run."),
    ),
    Loss.PASSWORD: Remedy(
        _("The password of the Exact user was changed; Exact Online ends every connection of that user."),
        _("Sign in again with the new password."),
    ),
    Loss.CONSENT: Remedy(
        _("The Exact user has withdrawn the consent for this app in Exact Online."),
        _("Sign in again and give the consent once more."),
    ),
    Loss.SECRET: Remedy(
        _("Exact Online refused our request for access without saying why."),
        _("Check the client id and the client secret of the Exact app, then sign in again."),
    ),
    Loss.RIGHTS: Remedy(
        _("Exact Online does not give this user access any more."),
        _("Have the rights of the Exact user restored, then sign in again. We also look again by ourselves."),
    ),
    Loss.BLOCKED_USER: Remedy(
        _("The Exact user is blocked."),
        _("Have the user released in Exact Online. We look again by ourselves."),
        sign_in=False,
    ),
    Loss.INACTIVE_USER: Remedy(
        _("The Exact user is not active."),
        _("Have the user activated in Exact Online. We look again by ourselves."),
        sign_in=False,
    ),
    Loss.BLOCKED_CUSTOMER: Remedy(
        _("Exact has blocked this customer."),
        _("Contact Exact. We look again by ourselves."),
        sign_in=False,
    ),
    Loss.LICENCE: Remedy(
        _("The licence in Exact Online has expired."),
        _("Have the licence renewed. We look again by ourselves."),
        sign_in=False,
    ),
    Loss.OTHER: Remedy(_("Exact Online no longer accepts this connection."), _("Sign in again.")),
    Loss.DIVISION_BLOCKED: Remedy(
        _("This administration is blocked in Exact Online."),
        _("Have it released in Exact Online. We look again by ourselves."),
        sign_in=False,
    ),
    Loss.NO_ACCESS: Remedy(
        _("The Exact user may not open this administration."),
        _("Give the user access in Exact Online, or sign in again and tick this administration."),
    ),
}

_ANSWER_LOST = Remedy(
    _("The answer to a renewal was lost on its way, and with it the access to Exact Online."),
    _("Sign in again; everything that waits then goes on by itself."),
)


def remedy_of(loss: str, *, ended: bool) -> Remedy | None:
    """Return what to say about `loss`, None while nothing is wrong. `ended`: the chain is proven to be over."""
    return _ANSWER_LOST if loss == Loss.NO_ANSWER and ended else REMEDIES.get(loss)


def of_reason(reason: str) -> Loss | None:
    """Return what a `Reason` header stands for, None for one that we do not know or that is no loss."""
    return REASONS.get(reason.split(":")[0].strip())


def of_refusal(status: int, error: str, description: str, reason: str) -> Loss:
    """Return what a refused renewal means: the status, `error`, `error_description` and `Reason` of the answer."""
    named = of_reason(reason)
    if named and named not in OF_DIVISION:
        return named
    words = description.lower()
    for loss, parts in _WORDS:
        if any(part in words for part in parts):
            return loss
    if status == 403:
        return Loss.RIGHTS
    wordless = error == "invalid_request" and not words  # a wrong secret and an unknown token alike
    return Loss.SECRET if wordless or error == "invalid_client" else Loss.OTHER
