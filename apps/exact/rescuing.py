"""Pairs of sign-ins that were cut off before it was known whose they are: a living chain may depend on one.

Exact ended the chain before it when it gave the pair (Exact facts 1.3). So while the pair is good the worker asks once
more who signed in; only then, or when the pair is over, may the sign-in be forgotten.
"""

from django.conf import settings
from django.db.models import Q, QuerySet

from apps.core import clock
from apps.exact import chain, new_pair, visitors
from apps.exact.client import Exact
from apps.exact.models import Connection, SignIn
from apps.exact.visitors import Visitor

RESCUE = "apps.exact.connection_tasks.rescue_pair"


def due() -> list[int]:
    """Return the keys of the sign-ins whose pair may be the only good one of a chain here."""
    return list(SignIn.objects.filter(_waiting()).values_list("pk", flat=True))


def forget(sign_ins: QuerySet[SignIn]) -> None:
    """End sign-ins: nobody completes them any more. A pair that may have to be rescued is kept until then."""
    keys = list(sign_ins.values_list("pk", flat=True))
    ended = SignIn.objects.filter(pk__in=keys)
    ended.exclude(_waiting()).delete()
    ended.update(is_over=True)


def rescue(begun: SignIn, draft: Connection, who: Visitor) -> Connection | None:
    """Give the pair in `draft` to the living chain of `who`, and keep that this was done; as new_pair.rescue."""
    kept = new_pair.rescue(draft, who)
    SignIn.objects.filter(pk=begun.pk).update(rescued_at=clock.now())
    return kept


def try_again(pk: int) -> bool:
    """Ask for one sign-in who it was; True when its pair is safe. Raises what Exact answers."""
    begun = SignIn.objects.select_related("app").filter(_waiting(), pk=pk).first()
    if begun is None:
        return False
    draft = new_pair.of(begun)
    if not chain.is_fresh(draft):
        return False
    who = visitors.of(Exact(draft).me(), settings.EXACT_TRIAL_USER_FLAGS)
    if who.user is None:
        return False
    rescue(begun, draft, who)
    if begun.is_over:
        forget(SignIn.objects.filter(pk=pk))
    return True


def _waiting() -> Q:
    return Q(rescued_at=None, expires_at__gt=clock.now())
