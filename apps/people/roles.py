"""What each role may do: a pure table of Django permissions. Which rows they see is decided by `visible_to`."""

from apps.people.models import Role


def _may(app: str, models: str, *acts: str) -> frozenset[str]:
    return frozenset(f"{app}.{act}_{model}" for model in models.split() for act in acts)


READS = (
    _may("invoices", "invoice invoiceline invoiceevent", "view")
    | _may("intake", "receipt part", "view")
    | _may("vendors", "question mapping ibancase collectivevendor shareddomain", "view")
    | _may("clients", "client administration administrationidentifier", "view")
    | _may("rules", "bookingrule vattable", "view")
    | _may("posting", "posting", "view")
    | _may(
        "exact",
        "division syncstate relation bankaccount item itemgroup supplieritem glaccount vatcode costcenter costunit "
        "paymentcondition documenttype financialperiod journal journalstatus ledgerline vatreturn payable "
        "receivable balance",
        "view",
    )
)
REPORTS = frozenset({"reports.view_report"})
QUEUE = (
    READS
    | _may("invoices", "invoice", "change")
    | _may("intake", "receipt", "add")
    | _may("vendors", "question ibancase", "change")
    | _may("vendors", "mapping", "delete")
    | _may("exact", "division", "sync")
)
RULES = _may("rules", "bookingrule vattable", "add", "change", "delete") | _may(
    "vendors", "collectivevendor shareddomain", "add", "change", "delete"
)

GRANTS: dict[str, frozenset[str]] = {
    Role.BOOKKEEPER: QUEUE,
    Role.REVIEWER: QUEUE | RULES | REPORTS,
    Role.PARTNER: READS | REPORTS,
}


def grants(role: str, permission: str) -> bool:
    """Tell whether `role` may do `permission` ("app.act_model"). Administrators may do everything."""
    return role == Role.ADMINISTRATOR or permission in GRANTS.get(role, ())


def apps_of(role: str) -> frozenset[str]:
    """Return the labels of the apps in which `role` may do anything; administrators are not asked."""
    return frozenset(permission.partition(".")[0] for permission in GRANTS.get(role, ()))
