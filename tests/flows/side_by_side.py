"""A small firm for tests of several worker processes; prints JSON. `python tests/flows/side_by_side.py ACT`.

set-up: six divisions, connected, linked and due. sync: a worker that syncs until nothing is due. deliver: a worker
that posts until nothing is open. report: what the sandbox saw, and what the mirrors hold.
"""

import json
import sys
from typing import Any

import django

django.setup()

from apps.core import clock  # noqa: E402
from apps.exact import linking, registration, signing_in, tasks  # noqa: E402
from apps.exact.models import BankAccount, Division, Relation, SyncPlan, SyncState  # noqa: E402
from apps.exact.visitor import Visitor  # noqa: E402
from apps.invoices.tasks import deliver_round  # noqa: E402
from apps.posting.models import Posting  # noqa: E402
from apps.sandbox import calls, seed, switches  # noqa: E402
from apps.sandbox.exact import store  # noqa: E402

CODES = list(range(4_100_001, 4_100_007))
RELATIONS = 130  # three pages of bank accounts


def set_up() -> None:
    """Six divisions that are due; each call takes a while."""
    for code in CODES:
        seed.add_division(code, relations=RELATIONS, bank_share=1)
    signing_in.complete(Visitor().consent(signing_in.begin(registration.default_app()), divisions=CODES))
    for division in Division.objects.select_related("app", "connection"):
        linking.create_for(division)
    SyncPlan.objects.update(due_at=clock.now())
    switches.change(latency_ms=30)


def sync() -> None:
    """Hold rounds until every division was read to its end."""
    print("begun", flush=True)  # noqa: T201
    while (
        SyncState.objects.exclude(resume_at=None).exists() or SyncPlan.objects.filter(ended_at=None).exists()
    ):
        tasks.sync_round(stay=int(clock.now().timestamp()) + 1)


def deliver() -> None:
    """Hold rounds until nothing is open; begins with the stay that a round would ring for."""
    print("begun", flush=True)  # noqa: T201
    while Posting.objects.open().exists():
        deliver_round(stay=int(clock.now().timestamp()) + 1)


def report() -> dict[str, Any]:
    """Return what happened."""
    known = {division.code: division.pk for division in Division.objects.all()}
    return {
        "refused": calls.refused_429(),
        "most_at_once": calls.most_at_once(),
        "most_in_a_division": max(calls.most_at_once(code) for code in CODES),
        "missing": [code for code, pk in known.items() if not _is_equal(code, pk)],
        "troubles": list(SyncState.objects.exclude(trouble="").values_list("trouble", flat=True)),
    }


def _is_equal(code: int, pk: int) -> bool:
    pairs = (("crm/Accounts", Relation), ("crm/BankAccounts", BankAccount))
    return all(
        sorted(row.key for row in store.rows(resource, code))
        == sorted(map(str, model.objects.filter(division=pk).values_list("exact_id", flat=True)))
        for resource, model in pairs
    )


if __name__ == "__main__":
    if sys.argv[1] == "report":
        print(json.dumps(report()))  # noqa: T201
    else:
        {"set-up": set_up, "sync": sync, "deliver": deliver}[sys.argv[1]]()
