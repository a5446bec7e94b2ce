"""The look of the admin: Unfold's settings, and the menu that follows the day and not the tables."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

COUNTS = "apps.invoices.stages.counts_of_page"  # by name: settings are read before the apps are there
ORDERS_WAITING = "apps.orders.stages.waiting"
WORK_STAGES = ("todo", "proposed", "refused")
COUNTED = 999
OWN_ITEMS = (
    "/receipt/upload/",
    "/receipt/books/",
    "/vattable/scenarios/",
    "/bookingrule/coverage/",
)  # below a list, with an item of their own


def _item(
    title: Any, icon: str, view: str, permission: str, *, stage: str = "", badge: str = ""
) -> dict[str, Any]:
    return {
        "title": title,
        "icon": icon,
        "view": view,
        "permission": permission,
        "stage": stage,
        "badge": badge,
    }


def _list(model: str) -> str:
    return f"admin:{model.replace('.', '_')}_changelist"


MENU: list[tuple[Any, list[dict[str, Any]]]] = [
    (
        _("Work"),
        [
            _item(
                _("To do"),
                "inbox",
                _list("invoices.invoice"),
                "invoices.view_invoice",
                stage="todo",
                badge="work",
            ),
            _item(
                _("Unmapped vendors"),
                "person_search",
                _list("vendors.question"),
                "vendors.view_question",
                badge="unmapped",
            ),
            _item(
                _("Orders"),
                "shopping_cart",
                _list("orders.purchaseorder"),
                "orders.view_purchaseorder",
                badge="orders",
            ),
            _item(
                _("Changed IBANs"),
                "account_balance",
                _list("vendors.ibancase"),
                "vendors.view_ibancase",
                badge="accounts",
            ),
            _item(
                _("Unknown items"),
                "category_search",
                _list("items.itemquestion"),
                "items.view_itemquestion",
                badge="items",
            ),
            _item(
                _("Questions to clients"),
                "contact_support",
                _list("invoices.clientquestion"),
                "invoices.view_clientquestion",
            ),
            _item(
                _("Ready"), "schedule_send", _list("invoices.invoice"), "invoices.view_invoice", stage="ready"
            ),
            _item(_("Done"), "task_alt", _list("invoices.invoice"), "invoices.view_invoice", stage="done"),
            _item(
                _("Receipts"),
                "move_to_inbox",
                _list("intake.receipt"),
                "intake.view_receipt",
                badge="arrivals",
            ),
            _item(_("Count of receipts"), "menu_book", "admin:intake_receipt_books", "intake.view_receipt"),
            _item(_("Other post"), "mark_email_read", _list("intake.part"), "intake.view_part"),
            _item(_("Upload"), "upload_file", "admin:intake_receipt_upload", "intake.add_receipt"),
        ],
    ),
    (
        _("Clients"),
        [
            _item(_("Clients"), "domain", _list("clients.client"), "clients.view_client"),
            _item(
                _("Groups of clients"),
                "workspaces",
                _list("clients.clientgroup"),
                "clients.view_clientgroup",
            ),
            _item(
                _("Administrations"),
                "menu_book",
                _list("clients.administration"),
                "clients.view_administration",
            ),
            _item(_("Pilots"), "difference", "admin:invoices_invoice_pilots", "invoices.view_invoice"),
            _item(_("Reports"), "monitoring", "reports:clients", "reports.view_report"),
        ],
    ),
    (
        _("Set-up"),
        [
            _item(_("Mailboxes"), "mail", _list("intake.mailbox"), "intake.view_mailbox"),
            _item(
                _("Allowed senders"),
                "verified_user",
                _list("intake.allowedsender"),
                "intake.view_allowedsender",
            ),
            _item(_("Booking rules"), "rule", _list("rules.bookingrule"), "rules.view_bookingrule"),
            _item(
                _("Suppliers without a rule"),
                "rule_settings",
                "admin:rules_bookingrule_coverage",
                "rules.view_bookingrule",
            ),
            _item(_("Automatic booking"), "bolt", _list("invoices.autonomy"), "invoices.view_autonomy"),
            _item(_("Limits"), "speed", _list("clients.limits"), "clients.view_limits"),
            _item(
                _("Terms for orders"),
                "contract",
                _list("orders.orderterms"),
                "orders.add_orderterms",
            ),
            _item(_("Routing rules"), "alt_route", _list("intake.routingrule"), "intake.view_routingrule"),
            _item(_("VAT tables"), "percent", _list("rules.vattable"), "rules.view_vattable"),
            _item(_("VAT scenarios"), "fact_check", "admin:rules_vattable_scenarios", "rules.view_vattable"),
            _item(_("Folders"), "folder_managed", _list("intake.folder"), "intake.view_folder"),
            _item(_("Mappings"), "link", _list("vendors.mapping"), "vendors.view_mapping"),
            _item(_("Item mappings"), "add_link", _list("items.itemmapping"), "items.view_itemmapping"),
            _item(
                _("Collective vendors"),
                "hub",
                _list("vendors.collectivevendor"),
                "vendors.view_collectivevendor",
            ),
            _item(
                _("Shared domains"),
                "alternate_email",
                _list("vendors.shareddomain"),
                "vendors.view_shareddomain",
            ),
        ],
    ),
    (
        "Exact",
        [
            _item(_("Connections"), "power", _list("exact.connection"), "exact.view_connection"),
            _item(_("Share links"), "share", _list("exact.sharelink"), "exact.view_sharelink"),
            _item(_("Divisions"), "account_tree", _list("exact.division"), "exact.view_division"),
            _item(_("Preflight"), "checklist", _list("preflight.preflight"), "preflight.view_preflight"),
            _item(
                _("Digital mailboxes"),
                "forward_to_inbox",
                _list("exact.digitalmailbox"),
                "exact.view_digitalmailbox",
            ),
            _item(_("Suppliers"), "badge", _list("exact.relation"), "exact.view_relation"),
            _item(_("Ledger accounts"), "account_balance", _list("exact.glaccount"), "exact.view_glaccount"),
            _item(_("VAT codes"), "sell", _list("exact.vatcode"), "exact.view_vatcode"),
            _item(_("Cost centres"), "account_tree", _list("exact.costcenter"), "exact.view_costcenter"),
            _item(_("Cost units"), "lan", _list("exact.costunit"), "exact.view_costunit"),
            _item(_("Journals"), "book_2", _list("exact.journal"), "exact.view_journal"),
            _item(_("Items"), "inventory_2", _list("exact.item"), "exact.view_item"),
            _item(
                _("Supplier items"), "conveyor_belt", _list("exact.supplieritem"), "exact.view_supplieritem"
            ),
            _item(_("Orders in Exact"), "shopping_cart", _list("exact.exactorder"), "exact.view_exactorder"),
            _item(_("Ledger lines"), "receipt_long", _list("exact.ledgerline"), "exact.view_ledgerline"),
            _item(_("Open payables"), "outbound", _list("exact.payable"), "exact.view_payable"),
            _item(_("Open receivables"), "call_received", _list("exact.receivable"), "exact.view_receivable"),
            _item(_("Balances"), "balance", _list("exact.balance"), "exact.view_balance"),
            _item(_("Returns"), "assignment_turned_in", _list("exact.vatreturn"), "exact.view_vatreturn"),
            _item(
                _("Journal periods"), "event_busy", _list("exact.journalstatus"), "exact.view_journalstatus"
            ),
        ],
    ),
    (
        "eConnect",
        [
            _item(
                _("Peppol messages"), "mark_email_read", _list("econnect.inbound"), "econnect.view_inbound"
            ),
            _item(_("Answers to senders"), "reply", _list("econnect.answer"), "econnect.view_answer"),
            _item(_("Peppol parties"), "contact_mail", _list("econnect.party"), "econnect.view_party"),
            _item(_("eConnect accounts"), "power", _list("econnect.account"), "econnect.view_account"),
            _item(_("Hook calls"), "webhook", _list("econnect.hookcall"), "econnect.view_hookcall"),
            _item(_("Connection keys"), "key", _list("econnect.platformkeys"), "econnect.view_platformkeys"),
        ],
    ),
    (
        _("System"),
        [
            _item(_("Users"), "group", _list("people.user"), "people.view_user"),
            _item(_("Exact apps"), "app_registration", _list("exact.exactapp"), "exact.view_exactapp"),
            _item(_("Outbox"), "outbox", _list("posting.posting"), "people.view_user"),
            _item(_("Schedules"), "schedule", _list("django_q.schedule"), "superuser"),
            _item(_("Tasks"), "task", _list("django_q.task"), "superuser"),
            _item(_("Health"), "ecg_heart", "/health/", "people.view_user"),
            _item(_("Sandbox"), "science", "/sandbox/", "people.view_user"),
        ],
    ),
]


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the menu of the person who asks: what their role may open, with the counts of what waits."""
    counts = import_string(COUNTS)(request)
    may_order = request.user.has_perm("orders.view_purchaseorder")
    badges = {
        "work": sum(counts[stage] for stage in WORK_STAGES),
        "unmapped": counts["unmapped"],
        "accounts": counts["accounts"],
        "orders": import_string(ORDERS_WAITING)(request) if may_order else 0,
        "items": counts["items"],
        "arrivals": counts["rejected"] + counts["held"],
    }
    groups = [
        (title, [_link(request, item, badges) for item in items if _may(request, item)])
        for title, items in MENU
    ]
    shown = [{"title": title, "items": items} for title, items in groups if items]
    return [{**group, "separator": number > 0} for number, group in enumerate(shown)]


def _may(request: HttpRequest, item: dict[str, Any]) -> bool:
    if item["view"] == "/sandbox/" and not settings.SANDBOX:
        return False
    if item["permission"] == "superuser":
        return bool(getattr(request.user, "is_superuser", False))
    return bool(request.user.has_perm(item["permission"]))


def _link(request: HttpRequest, item: dict[str, Any], badges: dict[str, int]) -> dict[str, Any]:
    stage, address = item["stage"], item["view"] if item["view"].startswith("/") else reverse(item["view"])
    link = {
        "title": item["title"],
        "icon": item["icon"],
        "link": f"{address}?stage={stage}" if stage else address,
        "active": _is_active(request, address, stage),
    }
    count = badges.get(item["badge"], 0)
    if count:
        link["badge"] = f"{COUNTED}+" if count > COUNTED else str(count)
        link["badge_variant"] = "warning"
    return link


def _is_active(request: HttpRequest, address: str, stage: str) -> bool:
    if not stage:
        inner = request.path.startswith(address) and address != "/"
        other = any(page in request.path for page in OWN_ITEMS)
        return inner and not (address.endswith(("/receipt/", "/vattable/", "/bookingrule/")) and other)
    asked = request.GET.get("stage", "todo")
    return request.path == address and (asked == stage or (stage == "todo" and asked in WORK_STAGES))


def _static(name: str) -> Any:
    return lambda request: static(name)


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Postkamer",
    "SITE_HEADER": "Postkamer",
    "SITE_SYMBOL": "markunread_mailbox",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": _static("postkamer.svg")}],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "DASHBOARD_CALLBACK": "apps.reports.dashboard.context",
    "STYLES": [_static("postkamer.css")],
    "SCRIPTS": [_static("postkamer.js")],
    "ACCOUNT": {
        "navigation": [
            {"title": _("Password"), "link": "/accounts/password/change/"},
            {"title": _("Second factor"), "link": "/accounts/2fa/"},
        ]
    },
    "SIDEBAR": {"show_search": False, "show_all_applications": False, "navigation": menu},
    "COLORS": {
        "primary": {
            "50": "oklch(97.5% .014 237)",
            "100": "oklch(94.5% .03 236)",
            "200": "oklch(89.5% .057 234)",
            "300": "oklch(82% .1 232)",
            "400": "oklch(73% .13 236)",
            "500": "oklch(63% .14 242)",
            "600": "oklch(53% .135 246)",
            "700": "oklch(46% .12 247)",
            "800": "oklch(40% .1 247)",
            "900": "oklch(34% .08 248)",
            "950": "oklch(27% .065 250)",
        }
    },
}
