"""What runs by itself and when (cron lines in Dutch local time). Data only; the worker installs it."""

from apps.core.queue import ScheduledTask

SCHEDULES = (
    ScheduledTask("Clock", "apps.core.tasks.tick", "* * * * *"),
    ScheduledTask("Sweeper", "apps.invoices.tasks.sweep", "* * * * *"),
    ScheduledTask("Bookings", "apps.invoices.tasks.deliver_round", "* * * * *"),
    ScheduledTask("Syncs", "apps.exact.tasks.sync_round", "* * * * *"),
    ScheduledTask("Webhooks received", "apps.exact.hook_tasks.handle_notices", "* * * * *"),
    ScheduledTask("Webhooks to ask for", "apps.exact.hook_tasks.subscribe_divisions", "*/10 * * * *"),
    ScheduledTask("Old webhooks", "apps.exact.hook_tasks.prune_notices", "50 3 * * *"),
    ScheduledTask("Connections", "apps.exact.tasks.watch_connections", "* * * * *"),
    ScheduledTask("Divisions", "apps.exact.tasks.refresh_divisions", "5 2 * * *"),
    ScheduledTask("Changes in Exact", "apps.invoices.tasks.follow_all", "30 5 * * *"),
    ScheduledTask("Keep connections alive", "apps.exact.tasks.keep_alive", "15 6 * * *"),
    ScheduledTask("Pruning", "apps.core.tasks.prune", "45 3 * * 0"),
)
