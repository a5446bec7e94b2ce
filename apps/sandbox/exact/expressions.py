"""The `$filter` language of OData v2 as Exact offers it (Exact facts 3.1): functions over canonical rows."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import datetime
from typing import Any

from apps.sandbox.exact import literals
from apps.sandbox.exact.errors import Refused, syntax
from apps.sandbox.exact.table import Property, Resource

Data = dict[str, Any]

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<typed>(?:guid|datetime|binary)'[^']*')
    | (?P<text>'(?:[^']|'')*')
    | (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[LlMmDdFf]?)
    | (?P<name>[A-Za-z_][A-Za-z0-9_/]*)
    | (?P<sign>[(),])
    )""",
    re.VERBOSE,
)
_KINDS = {
    "String": "text",
    "Guid": "guid",
    "DateTime": "moment",
    "Boolean": "truth",
    "Binary": "binary",
}
_SEARCHABLE = frozenset({"String", "Guid", "Int32", "Int16"})
_NUMBER_TYPES = frozenset({"Double", "Byte", "Int16", "Int32", "Int64"})
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda left, right: left == right,
    "ne": lambda left, right: left != right,
    "gt": lambda left, right: left is not None and right is not None and left > right,
    "ge": lambda left, right: left is not None and right is not None and left >= right,
    "lt": lambda left, right: left is not None and right is not None and left < right,
    "le": lambda left, right: left is not None and right is not None and left <= right,
}


@dataclass(frozen=True, slots=True)
class Value:
    """A piece of an expression: its kind, how to get it from a row, and the field or literal it is.

    `equal` and `above` say what must hold for a truth to be true: field values, a least Timestamp.
    """

    kind: str
    get: Callable[[Data], Any]
    field: Property | None = None
    literal: bool = False
    equal: dict[str, Any] = dataclass_field(default_factory=dict)
    above: int | None = None


@dataclass(slots=True)
class Filter:
    """A parsed `$filter`: the test itself, the fields it names, and what must be equal for it to hold."""

    test: Callable[[Data], bool]
    fields: frozenset[str]
    equal: dict[str, Any]
    above: int | None


def reader(prop: Property) -> Callable[[Data], Any]:
    """Return what reads the comparable value of a field from a canonical row."""
    name = prop.name
    if prop.type == "DateTime":
        return lambda row: literals.moment(row[name]) if row.get(name) else None
    if prop.padded:
        return lambda row: row[name].rjust(18) if row.get(name) is not None else None
    return lambda row: row.get(name)


def _lifted(function: Callable[[Any], Any]) -> Callable[[Value], Callable[[Data], Any]]:
    def lift(value: Value) -> Callable[[Data], Any]:
        def get(row: Data) -> Any:
            found = value.get(row)
            return None if found is None else function(found)

        return get

    return lift


_OF_TEXT: dict[str, Callable[[Any], Any]] = {
    "trim": str.strip,
    "tolower": str.lower,
    "toupper": str.upper,
    "length": len,
}
_OF_MOMENT: dict[str, Callable[[datetime], int]] = {
    "year": lambda at: at.year,
    "month": lambda at: at.month,
    "day": lambda at: at.day,
}
_TESTS: dict[str, Callable[[str, str], bool]] = {
    "substringof": lambda part, whole: part in whole,
    "startswith": str.startswith,
    "endswith": str.endswith,
}


class _Parser:
    def __init__(self, text: str, resource: Resource) -> None:
        self.tokens = _tokens(text)
        self.at = 0
        self.resource = resource
        self.fields: set[str] = set()

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def next(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise syntax()
        self.at += 1
        return self.tokens[self.at - 1]

    def expect(self, sign: str) -> None:
        if self.next()[1] != sign:
            raise syntax()

    def parse(self) -> Filter:
        value = self.either()
        if self.at != len(self.tokens) or value.kind != "truth":
            raise syntax()
        get = value.get
        return Filter(lambda row: bool(get(row)), frozenset(self.fields), value.equal, value.above)

    def either(self) -> Value:
        left = self.both()
        while self.peek() == "or":
            self.next()
            left = _or(left, self.both())
        return left

    def both(self) -> Value:
        left = self.negated()
        while self.peek() == "and":
            self.next()
            left = _and(left, self.negated())
        return left

    def negated(self) -> Value:
        if self.peek() != "not":
            return self.compared()
        self.next()
        value = self.negated()
        _must_be_truths(value)
        get = value.get
        return Value("truth", lambda row: not get(row))

    def compared(self) -> Value:
        left = self.primary()
        if self.peek() not in _COMPARISONS:
            return left
        operator = self.next()[1]
        return _compared(left, operator, self.primary())

    def primary(self) -> Value:
        kind, text = self.next()
        if text == "(":
            value = self.either()
            self.expect(")")
            return value
        if kind in ("typed", "text", "number"):
            return _literal(kind, text)
        if kind != "name":
            raise syntax()
        if text in _WORDS:
            return _WORDS[text]
        return self.call(text) if self.peek() == "(" else self.named(text)

    def named(self, name: str) -> Value:
        prop = self.resource.properties.get(name)
        if "/" in name or (prop and prop.is_list):
            raise Refused(400, "This $filter parameter is not supported for this resource")
        if prop is None:
            raise syntax(f"No property '{name}' exists in type '{self.resource.entity_type}'.")
        self.fields.add(name)
        kind = "number" if prop.type in _NUMBER_TYPES else _KINDS[prop.type]
        return Value(kind, reader(prop), prop)

    def call(self, name: str) -> Value:
        self.expect("(")
        arguments = [self.either()]
        while self.peek() == ",":
            self.next()
            arguments.append(self.either())
        self.expect(")")
        return _called(name, arguments)


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at, text = [], 0, text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise syntax(f"Syntax error at position {at}.")
        found.append((str(match.lastgroup), match[match.lastgroup or 0]))
        at = match.end()
    return found


def _constant(value: Any) -> Callable[[Data], Any]:
    return lambda _row: value


def _literal(kind: str, text: str) -> Value:
    if kind == "text":
        return Value("text", _constant(text[1:-1].replace("''", "'")), literal=True)
    if kind == "number":
        digits = text.rstrip("LlMmDdFf")
        return Value(
            "number", _constant(int(digits) if digits.lstrip("-").isdigit() else float(digits)), literal=True
        )
    prefix, inner = text[:-1].split("'", 1)
    try:
        value = literals.guid(inner) if prefix == "guid" else literals.moment(inner)
    except ValueError as error:
        raise syntax(f"Unrecognized '{prefix}' literal.") from error
    return Value("guid" if prefix == "guid" else "moment", _constant(value), literal=True)


def _called(name: str, arguments: list[Value]) -> Value:
    kinds = [argument.kind for argument in arguments]
    if name in _TESTS and kinds == ["text", "text"]:
        test, one, other = _TESTS[name], arguments[0].get, arguments[1].get

        def get(row: Data) -> bool:
            left, right = one(row), other(row)
            return left is not None and right is not None and test(left, right)

        return Value("truth", get)
    if name in _OF_TEXT and kinds == ["text"]:
        return Value("number" if name == "length" else "text", _lifted(_OF_TEXT[name])(arguments[0]))
    if name in _OF_MOMENT and kinds == ["moment"]:
        return Value("number", _lifted(_OF_MOMENT[name])(arguments[0]))
    raise syntax(f"Unknown function '{name}'.")


def _must_be_truths(*values: Value) -> None:
    if any(value.kind != "truth" for value in values):
        raise syntax()


def _and(left: Value, right: Value) -> Value:
    _must_be_truths(left, right)
    one, other = left.get, right.get
    above = left.above if right.above is None else right.above
    return Value(
        "truth", lambda row: bool(one(row) and other(row)), equal={**left.equal, **right.equal}, above=above
    )


def _or(left: Value, right: Value) -> Value:
    _must_be_truths(left, right)
    one, other = left.get, right.get
    return Value("truth", lambda row: bool(one(row) or other(row)))


def _compared(left: Value, operator: str, right: Value) -> Value:
    if "null" not in (left.kind, right.kind) and left.kind != right.kind:
        raise syntax(
            f"Operator '{operator}' incompatible with operand types '{left.kind}' and '{right.kind}'."
        )
    compare, one, other = _COMPARISONS[operator], left.get, right.get
    equal: dict[str, Any] = {}
    above = None
    if left.field and right.literal and right.kind != "null":
        if operator == "eq" and left.field.type in _SEARCHABLE and not left.field.padded:
            equal = {left.field.name: other({})}
        if operator == "gt" and left.field.name == "Timestamp":
            above = other({})
    return Value("truth", lambda row: compare(one(row), other(row)), equal=equal, above=above)


_WORDS = {
    "true": Value("truth", _constant(True), literal=True),
    "false": Value("truth", _constant(False), literal=True),
    "null": Value("null", _constant(None), literal=True),
}


def parse(text: str, resource: Resource) -> Filter:
    """Return the filter that `text` means for this resource; raises Refused (400) for anything else."""
    return _Parser(text, resource).parse()
