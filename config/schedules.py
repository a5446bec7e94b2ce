"""What runs by itself and when (cron lines in Dutch local time). Data only; the worker installs it."""

from apps.core.queue import ScheduledTask

SCHEDULES = (
    ScheduledTask("Clock", "apps.core.tasks.tick", "* * * * *"),
    ScheduledTask("Sweeper", "apps.invoices.tasks.sweep", "* * * * *"),
    ScheduledTask("Nightly sync", "apps.exact.tasks.nightly_sync", "30 2 * * *"),
    ScheduledTask("Unfinished syncs", "apps.exact.tasks.resume_syncs", "* * * * *"),
    ScheduledTask("Keep connections alive", "apps.exact.tasks.keep_alive", "15 6 * * *"),
    ScheduledTask("Pruning", "apps.core.tasks.prune", "45 3 * * 0"),
)
