"""What runs by itself and when (cron lines in Dutch local time). Data only; the worker installs it."""

from apps.core.queue import ScheduledTask

SCHEDULES = (
    ScheduledTask("Clock", "apps.core.tasks.tick", "* * * * *"),
    ScheduledTask("Sweeper", "apps.invoices.tasks.sweep", "* * * * *"),
    ScheduledTask("Sweeper of orders", "apps.orders.tasks.sweep", "* * * * *"),
    ScheduledTask("Replays of rules", "apps.invoices.tasks.replay_due", "* * * * *"),
    ScheduledTask("Bookings", "apps.invoices.tasks.deliver_round", "* * * * *"),
    ScheduledTask("Orders to Exact", "apps.orders.tasks.deliver_round", "* * * * *"),
    ScheduledTask("Syncs", "apps.exact.tasks.sync_round", "* * * * *"),
    ScheduledTask("Webhooks received", "apps.exact.hook_tasks.handle_notices", "* * * * *"),
    ScheduledTask("Webhooks to ask for", "apps.exact.hook_tasks.subscribe_divisions", "*/10 * * * *"),
    ScheduledTask("Old webhooks", "apps.exact.hook_tasks.prune_notices", "50 3 * * *"),
    ScheduledTask("Mailboxes", "apps.intake.tasks.read_mailboxes", "* * * * *"),
    ScheduledTask("Connections", "apps.exact.connection_tasks.watch_connections", "* * * * *"),
    ScheduledTask("Digital mailboxes", "apps.exact.mailbox_tasks.watch_mailboxes", "* * * * *"),
    ScheduledTask(
        "Digital mailboxes looked at again", "apps.exact.mailbox_tasks.look_at_all_mailboxes", "35 2 * * *"
    ),
    ScheduledTask("Divisions", "apps.exact.connection_tasks.refresh_divisions", "5 2 * * *"),
    ScheduledTask("Peppol messages", "apps.intake.tasks.fetch_peppol", "* * * * *"),
    ScheduledTask("Peppol messages looked at again", "apps.intake.tasks.reconcile_peppol", "40 5 * * *"),
    ScheduledTask("Peppol messages to remove", "apps.econnect.tasks.remove_kept", "* * * * *"),
    ScheduledTask("Answers to senders", "apps.econnect.tasks.give_answers", "* * * * *"),
    ScheduledTask("Peppol parties", "apps.econnect.tasks.refresh_all_parties", "25 2 * * *"),
    ScheduledTask("Hook of eConnect", "apps.econnect.tasks.check_hooks", "35 6 * * *"),
    ScheduledTask("Old replays", "apps.invoices.tasks.prune_replays", "0 4 * * *"),
    ScheduledTask("Old hook calls", "apps.econnect.tasks.prune_hook_calls", "55 3 * * *"),
    ScheduledTask("Changes in Exact", "apps.invoices.tasks.follow_all", "30 5 * * *"),
    ScheduledTask("Preflights", "apps.preflight.tasks.check_all", "10 5 * * *"),
    ScheduledTask("Keep connections alive", "apps.exact.connection_tasks.keep_alive", "15 6 * * *"),
    ScheduledTask("Quiet channels", "apps.intake.tasks.listen", "30 7,12,16 * * 1-5"),
    ScheduledTask("Folders", "apps.intake.tasks.look_into_folders", "* * * * *"),
    ScheduledTask("Pruning", "apps.core.tasks.prune", "45 3 * * 0"),
)
