"""What a lower floor calls without knowing who listens: names and dotted paths, data only."""

# More counts for /health/: name -> function that gives one.
HEALTH_FIGURES = {
    "unknown_refusals_7_days": "apps.posting.health.unknown_refusals",
    "documents_left_behind": "apps.posting.health.left_behind",
    "arrivals_not_read": "apps.intake.books.stuck",
    "parts_astray": "apps.invoices.standing.parts_astray",
    "order_parts_astray": "apps.orders.astray.parts_astray",
    "mailboxes_in_trouble": "apps.invoices.mailbox_alarms.count",
    "parts_not_scanned": "apps.intake.scanning.unscanned",
    "peppol_messages_soon_gone": "apps.econnect.alarms.count",
}
# Documents that wait for an answer about their vendor, or about an item: functions that give them.
ASKERS: tuple[str, ...] = ("apps.orders.asking.waiting_for_vendors",)
ITEM_ASKERS: tuple[str, ...] = (
    "apps.invoices.item_asking.waiting_for_items",
    "apps.orders.asking.waiting_for_items",
)
# Bells: name -> tasks.
BELLS: dict[str, tuple[str, ...]] = {
    "parts_kept": ("apps.invoices.tasks.process",),
    "division_due": ("apps.invoices.tasks.deliver", "apps.orders.tasks.deliver"),
    "mirrors_read": (
        "apps.rules.tasks.propose",
        "apps.vendors.tasks.ask_about_stale",
        "apps.invoices.tasks.follow",
        "apps.invoices.tasks.end_tests",
        "apps.invoices.tasks.cards_read",
        "apps.orders.tasks.division_changed",
        "apps.orders.tasks.items_read",
        "apps.orders.tasks.mirrors_read",
        "apps.preflight.tasks.mirrors_read",
    ),
    "division_linked": ("apps.preflight.tasks.division_linked",),
    "ledger_read": ("apps.invoices.tasks.follow",),
    "test_left": ("apps.invoices.tasks.end_tests", "apps.orders.tasks.division_changed"),
    "method_switched": ("apps.invoices.tasks.method_switched",),
    "connection_mended": ("apps.invoices.tasks.resume", "apps.orders.tasks.resume"),
    "account_asked": ("apps.invoices.tasks.account_asked",),
    "account_decided": ("apps.invoices.tasks.account_decided",),
    "replay_asked": ("apps.invoices.tasks.replay_rule",),
    "routing_changed": ("apps.invoices.tasks.routing_changed", "apps.orders.tasks.routing_changed"),
    "vat_table_changed": ("apps.invoices.tasks.vat_table_changed", "apps.orders.tasks.vat_table_changed"),
    "rules_changed": ("apps.invoices.tasks.rules_changed", "apps.orders.tasks.rules_changed"),
    "mailbox_changed": ("apps.invoices.tasks.mailbox_changed",),
    "mappings_adopted": ("apps.invoices.tasks.mappings_adopted", "apps.orders.tasks.mappings_adopted"),
    "client_answered": ("apps.invoices.tasks.client_answered",),
    "econnect_told": ("apps.intake.tasks.fetch_peppol",),
    "orders_found": ("apps.orders.tasks.process",),
    "vendor_answered": ("apps.orders.tasks.vendor_answered",),
    "mapping_taken_back": ("apps.orders.tasks.mapping_taken_back",),
    "item_answered": ("apps.invoices.tasks.item_answered", "apps.orders.tasks.item_answered"),
    "item_mapping_taken_back": (
        "apps.invoices.tasks.item_mapping_taken_back",
        "apps.orders.tasks.item_mapping_taken_back",
    ),
    "went_live": ("apps.orders.tasks.went_live",),
}
