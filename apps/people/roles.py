"""What each role may do: a pure table of Django permissions. Which rows they see is decided by `visible_to`."""

from apps.people.models import Role


def _may(app: str, models: str, *acts: str) -> frozenset[str]:
    return frozenset(f"{app}.{act}_{model}" for model in models.split() for act in acts)


READS = (
    _may("invoices", "invoice invoiceline invoiceevent autonomy clientquestion", "view")
    | _may("orders", "purchaseorder purchaseorderline purchaseorderevent orderterms", "view")
    | _may("items", "itemquestion itemmapping", "view")
    | _may("intake", "receipt part folder mailbox allowedsender routingrule", "view")
    | _may("vendors", "question mapping ibancase collectivevendor shareddomain", "view")
    | _may("clients", "client administration administrationidentifier limits", "view")
    | _may("rules", "bookingrule vattable", "view")
    | _may("posting", "posting", "view")
    | _may("econnect", "party inbound answer", "view")
    | _may("preflight", "preflight", "view")
    | _may(
        "exact",
        "division syncstate relation bankaccount item itemgroup supplieritem unit exactorder glaccount vatcode "
        "costcenter costunit paymentcondition documenttype financialperiod journal journalstatus ledgerline vatreturn "
        "payable receivable balance",
        "view",
    )
)
REPORTS = frozenset({"reports.view_report"})
QUEUE = (
    READS
    | _may("invoices", "invoice autonomy clientquestion", "change")
    | _may("orders", "purchaseorder", "add", "change")
    | _may("items", "itemquestion", "change")
    | _may("items", "itemmapping", "delete")
    | _may("intake", "receipt", "add", "change")
    | _may("intake", "allowedsender", "add")
    | _may("vendors", "question ibancase", "change")
    | _may("vendors", "mapping", "delete")
    | _may("exact", "division", "sync")
    | _may("econnect", "inbound answer", "change")
)
RULES = (
    # The firm's own ceilings are the administrators'; those of a client are its reviewers'.
    _may("clients", "limits", "add", "change")
    | _may("rules", "bookingrule vattable", "add", "change", "delete")
    | _may("rules", "scenariosignoff", "add")
    | _may("preflight", "preflight", "check")
    | _may("vendors", "collectivevendor shareddomain", "add", "change", "delete")
    | _may("intake", "allowedsender", "add", "change", "delete")
    | _may("exact", "digitalmailbox", "view")
    # A rule of one's own making may take what nobody placed yet, which a bookkeeper does not see: theirs are made
    # from a document that they have before them.
    | _may("intake", "routingrule", "add", "change")
    | _may("exact", "sharelink", "view", "add", "change")
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
