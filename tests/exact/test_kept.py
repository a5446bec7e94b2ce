from apps.exact import mirror
from apps.exact.kept import Kept, stamps_of
from apps.exact.models import Division
from apps.sandbox import faults


def counting(built: list[int], *resources: str) -> Kept[int]:
    """Build the number of times that it was built."""

    def build(division: Division) -> int:
        built.append(division.pk)
        return len(built)

    return Kept(build, resources)


def test_a_thing_is_kept_until_one_of_its_mirrors_is_synced_anew(division: Division) -> None:
    kept = counting([], "items", "journals")
    mirror.sync(division, ["items", "journals", "cost_units"])
    assert [kept.of(division), kept.of(division)] == [1, 1]
    mirror.sync(division, ["cost_units"])
    assert kept.of(division) == 1
    mirror.sync(division, ["journals"])
    assert kept.of(division) == 2


def test_nothing_is_kept_while_a_mirror_was_never_read_to_its_end(division: Division) -> None:
    kept = counting([], "items", "journals")
    faults.arm("error_before_commit", path="financial/Journals", status=503)
    mirror.sync(division, ["items", "journals"])
    assert [kept.of(division), kept.of(division)] == [1, 2]
    assert stamps_of(division).keys() == {"items"}


def test_each_division_has_its_own(division: Division) -> None:
    other = Division.objects.select_related("connection__app").get(code=3100102)
    kept = counting([], "items")
    for each in (division, other):
        mirror.sync(each, ["items"])
    assert [kept.of(division), kept.of(other), kept.of(division)] == [1, 2, 1]
