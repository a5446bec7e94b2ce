"""The process that reads a PDF, so that a stranger's file hangs, fills or crashes nothing but this. It stands alone.

Reads the file from standard input and writes one JSON object to standard output: `text` of the first pages, `embedded`
XML files as pairs of name and base64, `trouble` as a code. Arguments: seconds of CPU, bytes of memory, bytes of output.
"""

import base64
import io
import json
import logging
import resource
import sys
from typing import Any

PAGES = 2
LONGEST_TEXT = 50_000  # characters
MOST_FILES = 20


def limit(seconds: int, memory: int, output: int) -> None:
    """Let the kernel end this process when it takes more than its share."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(content: bytes, output: int) -> dict[str, Any]:
    """Return what a PDF holds, or what is the matter with it."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.disable(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            return {"trouble": "encrypted"}
        return {"embedded": _embedded(reader, output), "text": _text(reader), "trouble": ""}
    except MemoryError:
        return {"trouble": "too_large"}
    except (PyPdfError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return {"trouble": "broken"}  # what damaged files make of a parser


def _embedded(reader: Any, output: int) -> list[tuple[str, str]]:
    found, left = [], output // 2  # base64 and names need room
    for place, attachment in enumerate(reader.attachment_list):
        name = str(attachment.name)
        if place >= MOST_FILES or not name.lower().endswith(".xml"):
            continue
        content = attachment.content
        left -= len(content)
        if left > 0:
            found.append((name, base64.b64encode(content).decode()))
    return found


def _text(reader: Any) -> str:
    pages = [page.extract_text() for _place, page in zip(range(PAGES), reader.pages, strict=False)]
    return "\n".join(pages)[:LONGEST_TEXT]


if __name__ == "__main__":
    seconds, memory, output = map(int, sys.argv[1:4])
    limit(seconds, memory, output)
    sys.stdout.write(json.dumps(read(sys.stdin.buffer.read(), output)))
