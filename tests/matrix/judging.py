"""What the sandbox holds at the end, against what the product says and what was asked."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from apps.core.states import State
from apps.exact.models import Division
from apps.intake.enclosures import PAGE, content_of
from apps.intake.models import Original
from apps.orders.models import PurchaseOrder
from apps.posting.models import Posting
from apps.sandbox.models import AttachedFile, Row
from tests.matrix.combinations import DOCUMENTS, FILES
from tests.matrix.driver import Course
from tests.matrix.kind import Document, Kind

Rows = dict[str, list[Row]]


def wrong(courses: Iterable[Course]) -> list[str]:
    """Return a sentence for everything that is not as it must be; an empty list is what is hoped for."""
    return [
        f"{course.division.code}: {words}"
        for course in courses
        for words in (
            *_of_documents(course.kind, course.division),
            *_of_division(course.kind, course.division),
        )
    ]


def orphans(courses: Iterable[Course]) -> list[str]:
    """Return the documents in the sandbox that no entry and no order refers to."""
    found = []
    for course in courses:
        used = {row.data.get("Document") for row in _rows(course.kind.result.resource, course.division)}
        rows = _rows(DOCUMENTS, course.division)
        found += [str(row.data.get("Subject")) for row in rows if row.key not in used]
    return found


def by_themselves(courses: Iterable[Course]) -> int:
    """Return how many orders went to Exact without anybody agreeing."""
    whose = [course.division.administration_id for course in courses]
    return PurchaseOrder.objects.filter(administration__in=whose, state=State.DONE, accepted_by=None).count()


def _rows(resource: str, division: Division) -> list[Row]:
    return list(Row.objects.filter(resource=resource, division=division.code))


def _by(rows: Iterable[Row], name: str) -> Rows:
    found: Rows = defaultdict(list)
    for row in rows:
        found[str(row.data.get(name))].append(row)
    return found


def _of_documents(kind: Kind, division: Division) -> Iterator[str]:
    results = _rows(kind.result.resource, division)
    documents, files = _rows(DOCUMENTS, division), _by(_rows(FILES, division), "Document")
    for each in kind.of(division).select_related("posting"):
        if each.state != State.DONE or each.posting is None:
            yield f"{each.number} is {each.state}, cause {each.cause!r}: {each.detail}"
            continue
        reference = each.posting.reference
        made = [row for row in results if kind.result.bears(row.data, reference)]
        of_it = [row for row in documents if reference in row.data["Subject"]]
        for words in _of_one(kind, each, made, of_it, files):
            yield f"{each.number}: {words}"


def _of_one(
    kind: Kind, document: Document, results: list[Row], documents: list[Row], files: Rows
) -> Iterator[str]:
    if (len(results), len(documents)) != (1, 1):
        yield f"{len(results)} times in Exact, {len(documents)} documents"
        return
    result, kept = results[0], documents[0]
    posting, number = document.posting, str(result.data[kind.result.number])
    if posting is None or (number, result.key) != (document.exact_number, str(posting.exact_id)):
        yield f"it is {number} in Exact, and we say {document.exact_number}"
    if result.data["Document"] != kept.key:
        yield "it refers to another document"
    yield from _of_files(posting, files[kept.key])
    yield from kind.differences(document, result)


def _of_files(posting: Posting | None, files: list[Row]) -> Iterator[str]:
    attached = [(str(row.data["FileName"]), _digest(row)) for row in files]
    planned = _planned(posting.plan["steps"] if posting else [])
    if sorted(name for name, _hash in attached) != sorted(planned):
        yield f"attached {sorted(attached)}, planned {sorted(planned)}"
    for name, digest in planned.items():
        if digest and (name, digest) not in attached:
            yield f"{name} is not what came in"


def _planned(steps: list[dict[str, Any]]) -> dict[str, str]:
    """Return the files by name with what their bytes must be; a page is made anew each time, so its bytes may be."""
    return {
        step["payload"]["FileName"]: "" if step.get("enclosed") == PAGE else _wanted(step)
        for step in steps
        if step["resource"] == FILES
    }


def _wanted(step: dict[str, Any]) -> str:
    original = Original.objects.get(pk=step["original"]).content()
    return sha256(content_of(original, step.get("enclosed"))).hexdigest()


def _digest(row: Row) -> str:
    return sha256(bytes(AttachedFile.objects.get(key=row.key).content)).hexdigest()


def _of_division(kind: Kind, division: Division) -> Iterator[str]:
    came_in = kind.of(division).count()
    for resource in (DOCUMENTS, kind.result.resource):
        if (there := len(_rows(resource, division))) != came_in:
            yield f"{there} rows of {resource} for {came_in} {kind}"
    if still := Posting.objects.filter(division=division).open().count():
        yield f"{still} postings are still open"
