"""Keeps tokens and secrets out of the logs, whoever logs them."""

import logging
import re

_SECRET = re.compile(
    r"(?i)((?:access_token|refresh_token|client_secret|code|password)[\"']?\s*[=:]\s*[\"']?|bearer\s+)"
    r"[^\s&\"',}]+"
)
# Addresses that are a secret themselves: of a share link, and of a question to a client.
_ADDRESS = re.compile(r"(?i)((?:exact(?:/|%2f)share|questions)(?:/|%2f))[\w-]{16,}")


def redact(text: str) -> str:
    """Return `text` with the values of tokens, codes and secrets replaced by three stars."""
    return _ADDRESS.sub(r"\1***", _SECRET.sub(r"\1***", text))


class Redact(logging.Filter):
    """Logging filter that rewrites each record through `redact`."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage())
        record.args = None
        return True
