"""Ten processes ask for the same access token at the moment it runs out. Prints one JSON line; see test_connection."""

import json
import multiprocessing
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier

import django

django.setup()

from django.db import connections  # noqa: E402

from apps.exact import registration, signing_in  # noqa: E402
from apps.exact.connection import access_token  # noqa: E402
from apps.exact.models import Connection  # noqa: E402
from apps.exact.visitor import Visitor  # noqa: E402
from apps.sandbox import calls, time  # noqa: E402

ASKERS = 10


def ask(pk: int, barrier: Barrier, answers: "SimpleQueue[str]") -> None:
    """Read the connection while its token still holds, wait for the others, and ask once it is over."""
    barrier.wait()
    try:
        answers.put(access_token(Connection.objects.select_related("app").get(pk=pk)))
    except Exception as error:
        answers.put(f"failed: {error!r}")


def main() -> None:
    """Connect, move the clock to the expiry, and let them loose."""
    back = Visitor().consent(signing_in.begin(registration.default_app()), divisions=[3100101])
    connection = signing_in.complete(back)
    first = connection.access_token
    before = calls.count("oauth2/token")
    time.advance(600)
    connections.close_all()
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(ASKERS), context.SimpleQueue()
    processes = [context.Process(target=ask, args=(connection.pk, barrier, answers)) for _ in range(ASKERS)]
    for process in processes:
        process.start()
    tokens = [answers.get() for _ in processes]
    for process in processes:
        process.join()
    connection.refresh_from_db()
    stored = connection.access_token
    outcome = {
        "refreshes": calls.count("oauth2/token") - before,
        "new": sum(token == stored != first for token in tokens),
        "failed": [token for token in tokens if token.startswith("failed")],
        "status": connection.status,
        "version": connection.version,
    }
    print(json.dumps(outcome))  # noqa: T201


if __name__ == "__main__":
    main()
