"""Fills an empty sandbox with the believable firm and the one registered app."""

from django.apps import apps
from django.conf import settings
from django.db import transaction

from apps.sandbox import firm, time
from apps.sandbox.exact import store
from apps.sandbox.firm import large
from apps.sandbox.models import ExactUser, Package, RegisteredApp, Switches

# Known to everybody and to nothing but the sandbox: they protect no data.
CLIENT_ID = "00000000-0000-4000-8000-00000000e0a1"
CLIENT_SECRET = "sandbox-secret"  # noqa: S105
WEBHOOK_SECRET = "sandbox-webhook-secret"  # noqa: S105


def ensure() -> Switches:
    """Return the settings row; an empty sandbox is filled with the firm first."""
    kept = Switches.objects.raw("SELECT * FROM sandbox_switches WHERE id = 1 AND seeded")
    return next(iter(kept), None) or _fill()


def _fill() -> Switches:
    with transaction.atomic(using=store.DATABASE):  # takes the write lock at once: one process fills
        switches, _made = Switches.objects.get_or_create(pk=1)
        if switches.seeded:
            return switches
        store.fill(firm.rows())
        RegisteredApp.objects.create(
            client_id=CLIENT_ID,
            secret=CLIENT_SECRET,
            webhook_secret=WEBHOOK_SECRET,
            redirect_uri=settings.EXACT_REDIRECT_URI,
        )
        ExactUser.objects.bulk_create([_user(each) for each in firm.USERS])
        Package.objects.bulk_create([_package(each) for each in firm.LICENCES])
        switches.seeded = True
        switches.save(update_fields=["seeded"])
    return switches


def _user(described: firm.User) -> ExactUser:
    return ExactUser(
        user_id=described.exact["UserID"],
        data=described.exact,
        language=str(described.exact["Language"]).lower(),
        divisions=None if described.divisions is None else list(described.divisions),
        missing_scopes=list(described.lacks),
    )


def _package(licence: firm.Licence) -> Package:
    return Package(
        division=licence.division,
        kind=licence.kind,
        variant=licence.variant,
        unlimited_days=licence.unlimited_days,
        features=[list(feature) for feature in licence.features],
    )


def add_division(
    code: int, name: str = "", *, relations: int = 0, bank_share: float = 0.5, lines: int = 0
) -> None:
    """Add a made-up administration with masters and so many relations and ledger lines, for measurements.

    `bank_share` (0 to 1) of the relations have a bank account. The code must be new; at the consent page it
    can be ticked like the others.
    """
    ensure()
    size = large.Size(relations=relations, bank_share=bank_share, lines=lines)
    with transaction.atomic(using=store.DATABASE):
        store.fill(large.entries(code, name or f"Administratie {code}", size))


def crowd(
    divisions: int = 200,
    first: int = 4_000_001,
    *,
    relations: int = 0,
    bank_share: float = 0.5,
    lines: int = 0,
) -> list[int]:
    """Add so many made-up administrations of one size; return their codes, `first` and up."""
    codes = list(range(first, first + divisions))
    for code in codes:
        add_division(code, relations=relations, bank_share=bank_share, lines=lines)
    return codes


def clear() -> None:
    """Throw everything in the sandbox away, the clock offset too."""
    with transaction.atomic(using=store.DATABASE):
        for model in apps.get_app_config("sandbox").get_models():
            model._default_manager.all().delete()
    time.forget()


def reset() -> Switches:
    """Throw everything away and fill the sandbox with the firm again."""
    clear()
    return ensure()
