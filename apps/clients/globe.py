"""Which release of Exact Globe somebody wrote down, and whether it takes documents from a digital mailbox. Pure."""

import re

OLDEST = (
    413  # the first release that takes electronic invoices out of a digital mailbox (issue of the product)
)
_RELEASE = re.compile(r"(?<![0-9.])([0-9]{3})(?![0-9])")


def release(text: str) -> int | None:
    """Return the release in what people copy from Help > About: "413", "420SP5", "EXACT Globe Next 418".

    None when there is none, or several that differ.
    """
    found = {int(number) for number in _RELEASE.findall(text)}
    return found.pop() if len(found) == 1 else None


def is_recent_enough(text: str) -> bool | None:
    """Tell whether this release can receive; None when `text` names no release."""
    number = release(text)
    return None if number is None else number >= OLDEST
