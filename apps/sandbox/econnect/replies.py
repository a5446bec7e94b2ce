"""What a receiver may tell the sender of a document (eConnect facts 2.1, "answer the supplier")."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.db import transaction

from apps.core import clock
from apps.sandbox.direct import DATABASE
from apps.sandbox.econnect.errors import Refused
from apps.sandbox.models import EconnectDocument, EconnectResponse

FIRST = "AB"
STATUSES = ("AB", "IP", "UQ", "CA", "RE", "AP", "PD")
WITH_REASON = frozenset({"UQ", "CA", "RE"})
FINAL = frozenset({"RE", "PD"})
REASONS = frozenset("NON REF LEG REC QUA DEL PRI QTY ITM PAY UNR FIN PDD PPD OTH".split())
ACTIONS = frozenset("NOA PIN NIN CNF CNP CNA OTH".split())


def answer(document: EconnectDocument, sent: Mapping[str, Any], mark: str) -> EconnectResponse:
    """Keep an answer to the sender of a document; `mark`: the caller's own id of it, "" without one.

    Raises Refused: 409 for a mark that is known, 400 for what breaks a rule.
    """
    status, reasons, actions = _read(sent)
    with transaction.atomic(using=DATABASE):
        if mark and EconnectResponse.objects.filter(response_id=mark).exists():
            raise Refused(409)
        _refuse_order(status, list(document.responses.values_list("status", flat=True)))
        return EconnectResponse.objects.create(
            document=document,
            response_id=mark or str(uuid4()),
            status=status,
            reasons=reasons,
            actions=actions,
            note=str(sent.get("note") or ""),
            at=clock.now(),
        )


def _read(sent: Mapping[str, Any]) -> tuple[str, dict[str, str], dict[str, str]]:
    status = sent.get("status")
    if status not in STATUSES:
        raise Refused(400, f"Status '{status}' is not known.")
    reasons = _codes(sent, "reasons", REASONS)
    if status in WITH_REASON and not reasons:
        raise Refused(400, f"Status '{status}' needs a reason.")
    return status, reasons, _codes(sent, "actions", ACTIONS)


def _codes(sent: Mapping[str, Any], name: str, known: frozenset[str]) -> dict[str, str]:
    codes = sent.get(name) or {}
    if not isinstance(codes, dict):
        raise Refused(400, f"'{name}' must be codes with their texts.")
    unknown = sorted(set(codes) - known)
    if unknown:
        raise Refused(400, f"'{unknown[0]}' is not known in '{name}'.")
    return {code: str(text or "") for code, text in codes.items()}


def _refuse_order(status: str, before: list[str]) -> None:
    final = next((each for each in before if each in FINAL), None)
    if final:
        raise Refused(400, f"Status '{final}' is final.")
    if status != FIRST and FIRST not in before:
        raise Refused(400, f"Status '{FIRST}' must be sent first.")
