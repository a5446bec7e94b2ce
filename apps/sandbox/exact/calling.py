"""One call to the data services: what it names, who makes it, and the row or rows it may touch."""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from apps.sandbox.exact import answers, figures, literals, mailboxes, order_feed, removal, store
from apps.sandbox.exact.errors import Refused, syntax
from apps.sandbox.exact.table import Resource
from apps.sandbox.models import Grant, Row, Switches

_PATH = re.compile(
    r"(?P<resource>[A-Za-z]+(?:/[A-Za-z]+)*)(?:\((?P<key>.*)\)(?:/(?P<list>\w+))?)?(?P<count>/\$count)?"
)
_KEY = re.compile(r"guid'(?P<guid>[^']+)'|'(?P<text>(?:[^']|'')*)'|(?P<number>-?\d+)L?")


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of a path: `crm/Accounts(guid'...')/BankAccounts` or `crm/Accounts/$count`."""

    resource: str
    key: str | None = None
    list: str | None = None
    count: bool = False


def address(path: str) -> Address:
    """Return the parts of a path below the division; what cannot be read names no resource."""
    found = _PATH.fullmatch(path)
    if found is None:
        return Address("?")
    return Address(found["resource"], found["key"], found["list"], bool(found["count"]))


@dataclass(slots=True)
class Calling:
    """A call that has passed the gate."""

    request: HttpRequest
    division: int
    address: Address
    resource: Resource
    grant: Grant
    switches: Switches

    @property
    def root(self) -> str:
        """Absolute address of /api/v1."""
        return answers.root(self.request)

    @property
    def host(self) -> str:
        """Absolute address of the installation."""
        return self.root.removesuffix("/api/v1")

    def rows(self) -> QuerySet[Row]:
        """Return the rows of the resource that this caller may see (Exact facts 1.6)."""
        if self.resource.base == mailboxes.MAILBOXES:
            return mailboxes.rows(self.division, self.switches.mailbox_minutes)
        if self.resource.path == order_feed.PATH:
            return order_feed.rows(self.division)
        found = store.rows(self.resource.base, self.division)
        if self.resource.base == removal.DELETED:
            return removal.remembered(found)
        if self.resource.base not in store.FIRM_WIDE:
            return found
        found = found.filter(key__in=[str(code) for code in self.grant.reach])
        if self.resource.base == "system/Divisions":
            return found
        here = store.find("hrm/Divisions", self.division, str(self.division))
        owner = here.data.get("Customer") if here else None
        return found.filter(data__Customer=owner) if owner else found

    def made(self, equal: dict[str, Any]) -> list[Row] | None:
        """Return the rows of a resource that is worked out when asked for; None when it is not of that kind."""
        return figures.rows(
            self.resource.path, figures.Question(self.division, self.request.GET.dict(), equal)
        )

    def row(self) -> Row:
        """Return the row that the key names; raises Refused (404, or 400 for a malformed key)."""
        key = _canonical_key(self.resource, self.address.key or "")
        made = self.made({})
        if made is not None:
            found = next((row for row in made if row.key == key), None)
        elif self.resource.service == "sync":
            found = self.rows().filter(timestamp=int(key)).first()
        else:
            found = self.rows().filter(key=key).first()
        if found is None:
            raise Refused(404, f"Resource not found for the segment '{self.resource.path.split('/')[-1]}'.")
        return found


def _canonical_key(resource: Resource, text: str) -> str:
    if len(resource.key) == 1:
        return _one_key(resource.properties[resource.key[0]].type, text)
    parts = dict(part.split("=", 1) for part in text.split(",") if "=" in part)
    if parts.keys() != set(resource.key):
        raise syntax("Malformed key.")
    return "|".join(_one_key(resource.properties[name].type, parts[name]) for name in resource.key)


def _one_key(type_: str, text: str) -> str:
    found = _KEY.fullmatch(text.strip())
    wanted = {"Guid": "guid", "String": "text"}.get(type_, "number")
    if found is None or found[wanted] is None:
        raise syntax("Malformed key.")
    if wanted != "guid":
        return found[wanted].replace("''", "'")
    try:
        return literals.guid(found["guid"])
    except ValueError as error:
        raise syntax("Unrecognized 'guid' literal.") from error
