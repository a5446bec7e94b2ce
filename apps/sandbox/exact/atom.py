"""The Atom answer that callers get who forget to ask for JSON (Exact facts 3.1)."""

from typing import Any
from xml.sax.saxutils import escape

from django.http import HttpResponse

_SPACES = (
    'xmlns="http://www.w3.org/2005/Atom" '
    'xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices" '
    'xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"'
)


def _property(name: str, value: Any) -> str:
    if isinstance(value, dict):
        return ""
    return f'<d:{name} m:null="true" />' if value is None else f"<d:{name}>{escape(str(value))}</d:{name}>"


def _entry(entity: dict[str, Any], spaces: str = "") -> str:
    about = entity["__metadata"]
    fields = "".join(_property(name, value) for name, value in entity.items() if name != "__metadata")
    return (
        f"<entry {spaces}><id>{escape(about['uri'])}</id>"
        f'<content type="application/xml"><m:properties>{fields}</m:properties></content></entry>'
    )


def answer(body: dict[str, Any], status: int = 200) -> HttpResponse:
    """Return the same content that the JSON body holds, as Atom XML."""
    if "error" in body:
        words = escape(body["error"]["message"]["value"])
        content = f"<error {_SPACES}><code /><message>{words}</message></error>"
    elif isinstance(body["d"], dict) and "results" not in body["d"]:
        content = _entry(body["d"], _SPACES)
    else:
        entities = body["d"]["results"] if isinstance(body["d"], dict) else body["d"]
        content = f"<feed {_SPACES}>{''.join(_entry(entity) for entity in entities)}</feed>"
    kind = "application/xml" if "error" in body else "application/atom+xml"
    return HttpResponse(f'<?xml version="1.0" encoding="utf-8"?>{content}', status=status, content_type=kind)
