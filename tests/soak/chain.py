"""One hour of the sandbox: 20 processes on one connection, on the database of DATABASE_URL. Prints one JSON line.

More or less: `chain.py <processes> <minutes>`.
"""

import os
import sys
import tempfile
from pathlib import Path

import django

with tempfile.TemporaryDirectory() as folder:
    os.environ["DATA_DIR"] = folder
    django.setup()

    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    from apps.sandbox import seed
    from tests.processes import place_at

    processes, minutes = [*sys.argv[1:], "20", "60"][:2] if len(sys.argv) < 3 else sys.argv[1:3]
    setup_test_environment()
    made = setup_databases(0, interactive=False)
    try:
        seed.reset()
        (Path(folder) / "place").mkdir()
        with place_at(Path(folder) / "place") as place:
            print(place.run("tests/soak/driver.py", processes, minutes, seconds=1800), end="")  # noqa: T201
    finally:
        teardown_databases(made, 0)
