"""What the worker runs for the house itself."""

from apps.core import heartbeat, queue


def beat() -> None:
    """Prove that the cluster that runs this takes work and finishes it."""
    heartbeat.beat(heartbeat.own_worker_name())


def tick() -> None:
    """Prove that schedules run."""
    heartbeat.beat(heartbeat.CLOCK)


def prune() -> None:
    """Remove old results of tasks and beats of clusters that are gone."""
    queue.prune()
    heartbeat.prune()
