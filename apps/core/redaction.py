"""Keeps tokens and secrets out of the logs, whoever logs them."""

import logging
import re

_SECRET = re.compile(
    r"(?i)((?:access_token|refresh_token|client_secret|code|password)[\"']?\s*[=:]\s*[\"']?|bearer\s+)"
    r"[^\s&\"',}]+"
)


def redact(text: str) -> str:
    """Return `text` with the values of tokens, codes and secrets replaced by three stars."""
    return _SECRET.sub(r"\1***", text)


class Redact(logging.Filter):
    """Logging filter that rewrites each record through `redact`."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage())
        record.args = None
        return True
