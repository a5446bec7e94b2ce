"""`manage.py worker`: everything that runs by itself."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.core.worker import GRACE, STALE, Supervisor
from config.schedules import SCHEDULES


class Command(BaseCommand):
    """Runs the supervisor in the foreground until SIGTERM or Ctrl-C."""

    help = "Run the worker: tasks, schedules and the watchdog over both. Stop it with SIGTERM or Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--stale", type=float, default=STALE, help="Seconds of silence after which a cluster is killed."
        )
        parser.add_argument(
            "--grace", type=float, default=GRACE, help="Seconds that running tasks get at the end."
        )

    def handle(self, *args: Any, stale: float, grace: float, **options: Any) -> None:
        self.stdout.write("The worker runs.")
        self.stdout.flush()
        Supervisor(SCHEDULES, stale=stale, grace=grace).run()
        self.stdout.write("The worker has stopped.")
