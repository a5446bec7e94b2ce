"""Where the firm's rows come from: data files beside this module, and keys made from names."""

import json
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

Row = dict[str, Any]
Entry = tuple[str, int, Row]

_DATA = Path(__file__).parent / "data"
_NAMESPACE = UUID("6f1c7a52-3d0e-5b8e-9b57-0d3a5f2e8c41")


@cache
def load(name: str) -> Any:
    """Return the content of `data/<name>.json`; callers must not change it."""
    return json.loads((_DATA / f"{name}.json").read_text(encoding="utf-8"))


def guid(division: int, resource: str, code: object) -> str:
    """Return the Guid, lower-case text, of the row that goes by `code` in this resource and division."""
    return str(uuid5(_NAMESPACE, f"{division}/{resource}/{code}"))
