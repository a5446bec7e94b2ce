"""A process that picks up files is killed at every line: each file is one arrival, and ends in its place."""

import json

from tests.processes import Place

SCRIPT = '''
import json, os, sys
from pathlib import Path
import django
django.setup()
from django.conf import settings
from django.db import connections
from apps.intake import folder_files, folder_moves, folder_pairs, folder_pass, folder_place, keeping, opening
from apps.intake import picking_up, putting_away
from apps.intake.models import Folder, Part, PartOutcome, Receipt
from tests.intake import zips
from tests.intake.factories import FolderFactory

settings.FOLDER_SETTLE_SECONDS = 0
ROOT = Path(settings.FOLDERS_ROOT)
WORK = (folder_files, folder_moves, folder_pairs, folder_pass, folder_place, keeping, picking_up, putting_away)
OURS = {module.__file__ for module in WORK}
FILES = {"a.xml": b"<a/>", "a.pdf": b"%PDF-1.7", "b.zip": zips.packed(("in.xml", b"<in/>")), "bad.xml": b"bad"}


def forked(work):
    """Run `work` in a process of its own and return how that ended: 0, or 9 for killed."""
    connections.close_all()
    child = os.fork()
    if not child:
        code = 1
        try:
            work()
            code = 0
        except BaseException:
            import traceback
            traceback.print_exc()
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def dying(line, work):
    """Do `work` and die without a word before line number `line` of our own code."""
    left = [line]

    def trace(frame, event, argument):
        if frame.f_code.co_filename not in OURS:
            return None
        if event == "line":
            left[0] -= 1
            if left[0] == 0:
                os._exit(9)
        return trace

    sys.settrace(trace)
    work()


def begin(name):
    own = {"administration__slug": name, "administration__client__slug": name, "administration__client__name": name}
    FolderFactory(path=name, **own)
    folder_place.prepare(ROOT, name)
    for file, content in FILES.items():
        (ROOT / name / file).write_bytes(content)


def look(name):
    Folder.objects.filter(path=name).update(lease=None, leased_until=None)  # the lease of the dead ran out
    picking_up.look_into(Folder.objects.select_related("administration").get(path=name))


def read():
    for receipt in Receipt.objects.filter(pk__in=opening.unopened()):
        opening.open_message(receipt)
    for part in Part.objects.filter(outcome=PartOutcome.RECEIVED):
        bad = part.filename == "bad.xml"
        part.settle(*(["rejected"] if bad else ["ignored"]), **({"reason": "Bad."} if bad else {"settled_by": "x"}))


def ended(name):
    found = (path.relative_to(ROOT / name).as_posix() for path in (ROOT / name).rglob("*") if path.is_file())
    files = sorted(file for file in found if file != ".taken/.clock")
    receipts = Receipt.objects.filter(source_key__startswith=f"folder {Folder.objects.get(path=name).pk} ")
    kept = sorted(sorted(part.filename for part in receipt.parts.all()) for receipt in receipts)
    assert files == ["done/a.pdf", "done/a.xml", "done/b.zip", "failed/bad.xml", "failed/bad.xml.txt"], (name, files)
    assert kept == [["a.pdf", "a.xml"], ["bad.xml"], ["in.xml"]], (name, kept)
    assert not Folder.objects.get(path=name).trouble, name


def first(name, line):
    begin(name)
    dying(line, lambda: look(name))


def second(name, line):
    begin(name)
    look(name)
    read()
    dying(line, lambda: look(name))


def deaths(work):
    """Die at each line of `work`, in a folder of its own each time; return the names of the folders."""
    names, code, line = [], 9, 1
    while code == 9:
        names.append(f"{work.__name__}-{line}")
        code = forked(lambda: work(names[-1], line))
        line += EVERY
    assert code == 0
    return names


def end(names):
    """The passes that the next minutes give."""
    for _time in range(3):
        for name in names:
            look(name)
        read()
    for name in names:
        look(name)
        ended(name)


EVERY = int(sys.argv[1])
found = [deaths(first), deaths(second)]
assert forked(lambda: end(found[0] + found[1])) == 0
print(json.dumps([len(names) - 1 for names in found]))
'''
EVERY = 23  # lines between two deaths; with 1 it dies at each of them


def test_killed_at_any_line_nothing_is_lost_and_nothing_comes_in_twice(place: Place) -> None:
    out = place.run("-c", SCRIPT, str(EVERY), seconds=500)
    deaths = json.loads(out.splitlines()[-1])
    assert min(deaths) > 5, deaths
