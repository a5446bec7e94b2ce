"""The domain in what people type: an address, a web page, `@shell.nl`. Pure."""

from apps.core import identifiers

# Under these anybody registers a name, so they name no company. Only what firms here meet; `nl` has no dot at all.
PUBLIC_SUFFIXES = frozenset(
    "co.uk org.uk ltd.uk plc.uk me.uk net.uk ac.uk gov.uk com.au net.au org.au co.nz co.za co.in com.br com.cn "
    "com.tr com.pl com.pt com.es com.mt com.cy com.gr com.hr com.ro co.at or.at co.hu co.il co.jp com.hk com.sg "
    "com.ua co.nl com.nl net.nl com.de eu.com uk.com de.com co.com gov.be ac.be".split()
)


def bare_domain(text: str) -> str:
    """Return the bare domain in `text`, lower case, "" when it holds none or only a public suffix as `co.uk`."""
    plain = text.strip().lower()
    plain = plain.partition("://")[2] or plain
    if "@" in plain:
        plain = plain.rpartition("@")[2]
    plain = plain.partition("/")[0].partition(":")[0].strip(" .<>").removeprefix("www.")
    found = identifiers.email_domain(plain)
    return found.value if found and found.value not in PUBLIC_SUFFIXES else ""


def within(domain: str, parents: frozenset[str] | tuple[str, ...]) -> str:
    """Return the longest of `parents` that `domain` is or lies under (mail.shell.nl under shell.nl), "" for none."""
    fitting = [parent for parent in parents if domain == parent or domain.endswith(f".{parent}")]
    return max(fitting, key=len, default="")
