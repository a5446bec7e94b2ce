"""Fills an empty sandbox with the believable firm and the one registered app."""

from dataclasses import asdict
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction

from apps.sandbox import firm, time
from apps.sandbox.exact import store
from apps.sandbox.firm import large, noise
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
    code: int,
    name: str = "",
    *,
    relations: int = 0,
    bank_share: float = 0.5,
    lines: int = 0,
    company: large.Company | None = None,
) -> None:
    """Add a made-up administration with masters and so many relations and ledger lines, for measurements.

    `bank_share` (0 to 1) of the relations have a bank account; `company` says whose it is. The code must be new; at
    the consent page it can be ticked like the others.
    """
    ensure()
    size = large.Size(relations=relations, bank_share=bank_share, lines=lines)
    with transaction.atomic(using=store.DATABASE):
        store.fill(large.entries(code, name or f"Administratie {code}", size, company))


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


def add_history(division: int, settings: noise.Noise | None = None) -> dict[str, Any]:
    """Add suppliers with an untidy history to one of the firm's divisions; return what they were made with.

    Once for each division: ValueError the second time, and for a division that is not the firm's.
    """
    found = next((one for one in firm.DIVISIONS if one.code == division), None)
    wanted = settings or noise.Noise()
    ensure()
    with transaction.atomic(using=store.DATABASE):
        switches = Switches.objects.select_for_update().get(pk=1)
        if found is None or history_of(division):
            raise ValueError(f"Division {division} is not the firm's, or has such a history already.")
        store.fill(noise.entries(found, wanted))
        switches.made_up_histories = {**switches.made_up_histories, str(division): asdict(wanted)}
        switches.save(update_fields=["made_up_histories"])
    return asdict(wanted)


def history_of(division: int) -> dict[str, Any] | None:
    """Return what the untidy history of `division` was made with, None when it has none."""
    switches = Switches.objects.filter(pk=1).first()
    made: dict[str, Any] | None = switches.made_up_histories.get(str(division)) if switches else None
    return made


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
