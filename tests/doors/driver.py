"""Lets everything come in, with its faults, while workers are killed; then waits until nothing is left to do."""

import random
import time as machine
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import timedelta

from django.test import Client as Browser

from apps.clients.models import Administration
from apps.econnect.models import HookCall, Inbound, Stage
from apps.intake.models import Folder, Mailbox, Part, PartOutcome, Receipt
from apps.sandbox import faults, time
from apps.sandbox.econnect import network
from apps.sandbox.models import EconnectDocument, EconnectMail, FaultKind
from tests.doors import world
from tests.doors.doors import into_folder, mail, upload
from tests.doors.plan import Arrival, Door, Fault, Plan
from tests.doors.workers import Workers
from tests.dovecot import Dovecot

CROWD = 25  # arrivals that come in at once
KILL_EVERY = 150  # arrivals, on average
PACE = timedelta(seconds=20)  # of the sandbox's clock per crowd: what a killed worker held is free again soon
STUCK = 120  # seconds in which nothing changes


class Stuck(Exception):
    """Something is left to do and nothing happens any more."""


class Driver:
    """Plays one plan."""

    def __init__(
        self,
        plan: Plan,
        administrations: list[Administration],
        server: Dovecot,
        workers: Workers,
        dice: random.Random,
    ) -> None:
        self._plan, self._administrations, self._server = plan, administrations, server
        self._workers, self._dice, self._browser = workers, dice, world.browser()
        self._mailed, self._last_mail, self._lost = 0, 0, set[str]()
        self.faults: Counter[str] = Counter()
        self.seconds: dict[str, float] = defaultdict(float)
        self._doors: dict[Door, Callable[[Arrival], None]] = {
            Door.PEPPOL: self._by_peppol,
            Door.MAIL: self._by_mail,
            Door.FOLDER: lambda one: into_folder(one, world.folder_of(self._administration(one))),
            Door.UPLOAD: lambda one: upload(one, self._browser, self._administration(one).pk),
        }

    @property
    def announcements(self) -> int:
        """How many mails announced a document whose hook was lost."""
        return self._mailed

    def play(self) -> None:
        """Let everything come in, and wait for the end. Raises Stuck."""
        started = machine.monotonic()
        for number, arrival in enumerate(self._plan.arrivals, start=1):
            self.faults[arrival.fault] += bool(arrival.fault)
            begun = machine.monotonic()
            self._doors[arrival.door](arrival)
            self.seconds[arrival.door] += machine.monotonic() - begun
            if self._dice.random() < 1 / KILL_EVERY:
                self._workers.kill(self._dice.randrange(100))
            if number % CROWD == 0:
                network.deliver_due()
                self._announce()
                time.advance(PACE)
        self.seconds["in all"] = round(machine.monotonic() - started)
        self.wait()

    def _by_peppol(self, arrival: Arrival) -> None:
        network.change(
            hook_times=2 if arrival.fault == Fault.DOUBLED_HOOK else 1,
            hooks_lost=arrival.fault == Fault.LOST_HOOK,
        )
        if arrival.fault == Fault.BROKEN_DOWNLOAD:
            faults.arm(FaultKind.ERROR_BEFORE_COMMIT, path="econnect/download")
        elif arrival.fault == Fault.LOST_REMOVAL:
            faults.arm(FaultKind.DROPPED_ANSWER, path="econnect/remove")
        identifier = self._administration(arrival).identifiers.get(kind="kvk").value
        content, name = arrival.files[0].content, arrival.files[0].name
        document_id = network.send(f"0106:{identifier}", content, number=name)
        if arrival.fault == Fault.LOST_HOOK:
            self._lost.add(document_id)

    def _by_mail(self, arrival: Arrival) -> None:
        address = world.ADDRESS.replace("@", f"+{self._administration(arrival).slug}@")
        self._server.deliver(world.MAIL_USER, mail(arrival, address, self._dice))

    def _announce(self) -> None:
        """Bring the mails of eConnect's mail hook about lost hooks to the mailbox; the others got lost, too."""
        for mail_ in EconnectMail.objects.filter(pk__gt=self._last_mail).order_by("pk"):
            self._last_mail = mail_.pk
            content = bytes(mail_.message)
            if any(document_id.encode() in content for document_id in self._lost):
                self._server.deliver(world.MAIL_USER, content)
                self._mailed += 1

    def _administration(self, arrival: Arrival) -> Administration:
        return self._administrations[arrival.administration]

    def wait(self) -> None:
        """Wait until all is done. What waits for the clock finds it moved on. Raises Stuck."""
        before, since = self.left(), machine.monotonic()
        while any(before.values()):
            machine.sleep(1)
            network.deliver_due()
            self._announce()
            left = self.left()
            if left != before:
                before, since = left, machine.monotonic()
                time.advance(PACE)
            elif machine.monotonic() - since > STUCK:
                raise Stuck
            elif machine.monotonic() - since > 3:
                time.advance(timedelta(minutes=1))

    def left(self) -> dict[str, int]:
        """Return what is left to do, by where it is."""
        folders = [world.folder_of(one) for one in self._administrations]
        waiting = sum(
            path.is_file() and not path.name.startswith(".")
            for folder in folders
            for place in (folder, folder / ".taken")
            if place.is_dir()
            for path in place.iterdir()
        )
        return {
            "files": waiting,
            "mails": self._server.count(world.MAIL_USER),
            "unread": Part.objects.filter(outcome=PartOutcome.RECEIVED).count(),
            "unopened": Receipt.objects.filter(opened_at=None).count(),
            "peppol": Inbound.objects.exclude(stage=Stage.REMOVED).count(),
            "hooks": HookCall.objects.filter(handled_at=None).count(),
            "doors in trouble": sum(door.objects.exclude(trouble="").count() for door in (Folder, Mailbox)),
            "at eConnect": EconnectDocument.objects.filter(removed_at=None).count(),
        }


__all__ = ["Browser", "Driver", "Stuck"]
