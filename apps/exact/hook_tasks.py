"""What the worker does about webhooks by itself. A bell that is lost costs a minute."""

from apps.core import queue
from apps.exact import notices, webhooks
from apps.exact.models import Division


def handle_notices() -> None:
    """Let what Exact told lead to early syncs."""
    for pk in notices.handle():
        queue.ring("apps.exact.tasks.resume_division", pk)


def subscribe_divisions() -> None:
    """Ring for each division whose webhooks are due to be asked for, or looked after."""
    for pk in webhooks.due():
        queue.ring("apps.exact.hook_tasks.subscribe_division", pk)


def subscribe_division(pk: int) -> None:
    """Ask Exact for the webhooks of one division. What went wrong stands in its subscriptions."""
    webhooks.subscribe(Division.objects.select_related("app", "connection__app").get(pk=pk))


def prune_notices() -> None:
    """Remove old notices."""
    notices.prune()
