"""The outbox: one row for each thing to write into Exact, with its kept steps."""

from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.clients.access import VisibleQuerySet
from apps.core import clock
from apps.core.transitions import Changed
from apps.exact.models import Division


class Method(models.TextChoices):
    """What is written."""

    ENTRY = "entry", _("automatic entry")
    DOCUMENT = "document", _("document only")
    MAILBOX = "mailbox", _("digital mailbox")
    REMOVAL = "removal", _("taking back what was booked")
    FILE = "file", _("a file for a document that is there")
    SUPPLIER = "supplier", _("a new supplier")
    CARD = "card", _("what a card lacks")
    ORDER = "order", _("purchase order")
    ORDER_CHANGE = "order_change", _("changes of a purchase order")
    INVOICE = "invoice", _("purchase invoice")
    ITEM = "item", _("a new item")


class PostingState(models.TextChoices):
    """Where a posting is. UNCLEAR: a write was sent and no answer came; the next act is a look, never a write."""

    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("being sent")
    UNCLEAR = "unclear", _("outcome unknown")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("taken back")


OPEN = (PostingState.WAITING, PostingState.SENDING, PostingState.UNCLEAR)
ENTRY, DOCUMENT, EARLIER = "entry", "document", "earlier document"  # names of steps
MESSAGE, MAILBOX_FILE, MAIL, ARRIVED = (
    "message",
    "mailbox file",
    "mail",
    "arrived document",
)  # steps of the digital mailbox
ACCOUNT, BANK = "account", "bank account"  # steps of a card
ORDER, PURCHASE_INVOICE = "order", "purchase invoice"
ITEM, SUPPLIER_ITEM = "item", "supplier item"  # steps of a new item
RESULTS = (ENTRY, ORDER, PURCHASE_INVOICE)  # a posting ends with such a step, and as what that makes
# Only these say something about the next one of their division.
BOOKINGS = (Method.ENTRY, Method.DOCUMENT, Method.MAILBOX, Method.ORDER, Method.INVOICE)
IN_LEDGER = (Method.ENTRY, Method.INVOICE)  # somebody may have booked it by hand: the ledger is read first
# What they end as has no id of its own.
MAKES_NOTHING = (Method.REMOVAL, Method.FILE, Method.CARD, Method.ORDER_CHANGE)
WITHOUT_ID = (*MAKES_NOTHING, Method.MAILBOX)  # a mail has an id of its own, and none in Exact
WRITES_CARDS = (Method.SUPPLIER, Method.CARD)


class Postings(VisibleQuerySet["Posting"]):
    """Postings."""

    administration_path = "division__administration"

    def open(self) -> Self:
        """Return the postings that are not finished."""
        return self.filter(state__in=OPEN)

    def due(self, moment: datetime) -> Self:
        """Return the open postings whose time has come at `moment`, most urgent first.

        SENDING rows are due as well: only the holder of the division's lease asks, so theirs was lost.
        """
        return (
            self.open().filter(next_attempt_at__lte=moment).order_by(F("due_date").asc(nulls_last=True), "pk")
        )

    def begin(self, division: Division, method: str, plan: dict[str, Any], *, reference: str) -> "Posting":
        """Return a new posting of `plan` that is due at once."""
        made: Posting = self.create(
            reference=reference,
            division=division,
            method=method,
            plan=plan,
            created_at=clock.now(),
            next_attempt_at=clock.now(),
        )
        return made


def new_reference() -> str:
    """Return a reference of ours that nothing bears yet."""
    return f"PK-{uuid4().hex[:12].upper()}"


class Posting(models.Model):
    """One thing to write into one division. `plan` is what to do, `steps` what was done, each kept before the next.

    `plan`: {"steps": [{"name", "resource", "payload", "needs": {field: step}, "original"?, "enclosed"?}],
    "look": {...}}; `enclosed` says what of the original is attached (intake.enclosures.content_of). A step with
    "removes" (an id in Exact) takes that away instead; "ours" is the reference that it must carry. One with "fills"
    (the id of a card) writes only those fields of its payload that are empty there; one with "changes" (an id) writes
    its payload over what is there, if that is still as "before" says; one with "mails" (an address) is a mail with its
    "files".
    `steps`: {name: {"state": "started" | "removing" | "changing" | "unsent" | "forbidden" | "refused" | "left" |
    "done", "id": guid}}; only what was *started* and nothing more may have happened unseen, for a removal or a change
    may be done twice; what was *left* is no reason to stop.
    """

    reference = models.CharField(_("our reference"), max_length=40, unique=True)
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="postings", verbose_name=_("division")
    )
    method = models.CharField(_("method"), max_length=12, choices=Method.choices, default=Method.ENTRY)
    state = models.CharField(
        _("state"), max_length=10, choices=PostingState.choices, default=PostingState.WAITING
    )
    plan = models.JSONField()
    steps = models.JSONField(default=dict)
    due_date = models.DateField(_("due date"), null=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    looks = models.PositiveIntegerField(_("looks"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"))
    asked_at = models.DateTimeField(_("last write sent at"), null=True)
    words = models.TextField(_("Exact's words"), blank=True, default="")
    cause = models.CharField(max_length=30, blank=True, default="")
    exact_id = models.UUIDField(_("id in Exact"), null=True)
    exact_number = models.CharField(_("number in Exact"), max_length=20, blank=True, default="")
    exact_url = models.CharField(_("link into Exact"), max_length=400, blank=True, default="")
    adopted = models.BooleanField(_("was already in Exact"), default=False)
    left_behind = models.UUIDField(
        _("document left behind"), null=True, help_text="In Exact, with nothing that refers to it."
    )
    created_at = models.DateTimeField(_("created at"))
    finished_at = models.DateTimeField(_("finished at"), null=True)

    objects = Postings.as_manager()

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["division", "exact_id"],
                condition=Q(exact_id__isnull=False),
                name="one_posting_per_entry",
            ),
            models.CheckConstraint(
                name="finished_posting_says_when",
                condition=Q(state__in=OPEN, finished_at=None)
                | (~Q(state__in=OPEN) & Q(finished_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="refused_posting_has_cause", condition=~Q(state=PostingState.REFUSED) | ~Q(cause="")
            ),
            models.CheckConstraint(
                name="done_posting_has_id",
                condition=~Q(state=PostingState.DONE) | Q(exact_id__isnull=False) | Q(method__in=WITHOUT_ID),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["division", "next_attempt_at"], condition=Q(state__in=OPEN), name="posting_due"
            ),
            models.Index(
                fields=["division"], condition=Q(left_behind__isnull=False), name="posting_left_behind"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def family(self) -> Postings:
        """Return this posting and all further ones about the same document."""
        further = Q(reference__startswith=f"{self.reference}-")
        rows: Postings = Posting.objects.filter(Q(pk=self.pk) | further)
        return rows

    def further(self, method: str, plan: dict[str, Any]) -> "Posting":
        """Return a new posting about the same document: it carries this one's reference with more behind it."""
        reference = f"{self.reference}-{uuid4().hex[:8].upper()}"
        made: Posting = Posting.objects.begin(
            self.division, method, {"look": {}, **plan}, reference=reference
        )
        return made

    def entry_url(self, entry: UUID | str) -> str:
        """Return where an entry of this division opens in Exact's own screens."""
        base, code = self.division.app.base_url, self.division.code
        return str(settings.EXACT_ENTRY_URL.format(base=base, id=entry, division=code))

    @property
    def is_begun(self) -> bool:
        """Whether a write was sent whose outcome nobody knows, also of a worker that was killed over it."""
        is_sent = any(step.get("state") == "started" for step in self.steps.values())
        # Without a moment: of an earlier life, only to be looked for.
        return is_sent and self.asked_at is not None

    @property
    def is_by_mail(self) -> bool:
        """Whether it goes into the digital mailbox by e-mail."""
        return any(step["name"] == MAIL for step in self.plan["steps"])

    @property
    def is_mail_unclear(self) -> bool:
        """Whether a mail was sent and nobody knows if it arrived: only a person has it sent again."""
        return self.state == PostingState.UNCLEAR and self.steps.get(MAIL, {}).get("state") == "started"

    @property
    def may_lie_in_mailbox(self) -> bool:
        """Whether something was put, or may have been put, into the digital mailbox: no other way is tried then."""
        names = (name for name in self.steps if name == MAIL or name.startswith(MAILBOX_FILE))
        return any(self.steps[name]["state"] in ("started", "done") for name in names)

    def claim(self) -> None:
        """Count an attempt before it is made, so that a posting that kills its worker is seen to.

        Raises core.transitions.Changed when it was taken back, or finished, since it was read.
        """
        mine = Posting.objects.filter(pk=self.pk, state__in=OPEN)
        if mine.update(state=PostingState.SENDING, attempts=F("attempts") + 1) != 1:
            raise Changed(_("%(posting)s was taken back meanwhile.") % {"posting": self})
        self.state, self.attempts = PostingState.SENDING, self.attempts + 1

    def keep(self, step: str, **result: str) -> None:
        """Keep what is known of `step` before anything else happens."""
        self.steps = {**self.steps, step: {**self.steps.get(step, {}), **result}}
        if result.get("state") == "started":
            self.asked_at = clock.now()
        self.save(update_fields=["steps", "asked_at"])

    def payload_of(self, step: dict[str, Any]) -> dict[str, Any]:
        """Return what `step` of the plan sends, with the ids of the steps that it needs."""
        needed = {name: self.steps[source]["id"] for name, source in step.get("needs", {}).items()}
        return {**step["payload"], **needed}

    def forget(self, *steps: str) -> None:
        """Forget what is kept of `steps`: the files of a document that is gone are not on the one just made."""
        kept = {name: step for name, step in self.steps.items() if name not in steps}
        if kept != self.steps:
            self.steps = kept
            self.save(update_fields=["steps"])

    def put_off(self, *, until: datetime, words: str, state: str = PostingState.WAITING) -> None:
        """Wait for the clock until `until`; `words` say why."""
        self.state, self.next_attempt_at, self.words = state, until, words
        self.save(update_fields=["state", "next_attempt_at", "words"])

    def finish(
        self,
        *,
        exact_id: str | None,
        number: str,
        url: str,
        adopted: bool,
        look: dict[str, Any] | None = None,
    ) -> None:
        """Keep the result for good; no id for what makes nothing that has one.

        `look`: how the entry looks that somebody else made, for what is compared with it from now on.
        """
        if look is not None:
            self.plan = {**self.plan, "look": look}
        self.state, self.finished_at = PostingState.DONE, clock.now()
        self.exact_id, self.exact_number, self.exact_url = exact_id, number, url
        self.adopted, self.words, self.cause = adopted, "", ""
        self.save(
            update_fields=[
                "state",
                "finished_at",
                "exact_id",
                "exact_number",
                "exact_url",
                "adopted",
                "words",
                "cause",
                "plan",
            ]
        )

    def settle_mail(self, *, is_there: bool, by: str) -> bool:
        """Believe `by` about a mail of unknown outcome: it arrived, or it is sent again; False when a worker has it."""
        state = {"state": "done" if is_there else "unsent", "said_by": by}
        steps = {**self.steps, MAIL: {**self.steps.get(MAIL, {}), **state}}
        mine = Posting.objects.filter(pk=self.pk, state=PostingState.UNCLEAR, attempts=self.attempts)
        return mine.update(steps=steps, next_attempt_at=clock.now(), attempts=0) == 1

    def refuse(self, *, cause: str, words: str) -> None:
        """Give up until a person acted: Exact's `words`, and the cause they mean."""
        self.state, self.finished_at, self.cause, self.words = PostingState.REFUSED, clock.now(), cause, words
        self.save(update_fields=["state", "finished_at", "cause", "words"])

    def give_back(self, words: str) -> None:
        """End unsent, so that it can be planned anew: `words` say why. What was done of it is kept."""
        self.state, self.finished_at, self.words = PostingState.WITHDRAWN, clock.now(), words
        self.save(update_fields=["state", "finished_at", "words"])

    def withdraw(self, *, with_document: bool = False) -> None:
        """Give up what was booked: its entry is not in Exact any more. `with_document`: nor is its document.

        Else document and files may be there still, and are looked for before they are written again.
        """
        still = {
            name: {**step, "state": "started"}
            for name, step in self.steps.items()
            if step["state"] in ("started", "done") and name not in (*RESULTS, EARLIER) and not with_document
        }
        self.state, self.finished_at, self.adopted = PostingState.WITHDRAWN, clock.now(), False
        self.exact_id, self.exact_number, self.exact_url = None, "", ""
        self.steps, self.asked_at = still, None
        self.save(
            update_fields=[
                *("state", "finished_at", "adopted", "exact_id", "exact_number", "exact_url", "steps"),
                "asked_at",
            ]
        )


class PostingCalls(VisibleQuerySet["PostingCall"]):
    """Calls of the postings that somebody may see."""

    administration_path = "posting__division__administration"


class PostingCall(models.Model):
    """One call that was made for a posting, with Exact's answer. `status` 0: no answer came."""

    posting = models.ForeignKey(Posting, models.CASCADE, related_name="calls", verbose_name=_("posting"))
    at = models.DateTimeField(_("at"))
    step = models.CharField(_("step"), max_length=60)
    verb = models.CharField(_("verb"), max_length=6)
    resource = models.CharField(_("resource"), max_length=80)
    status = models.PositiveSmallIntegerField(_("status"), default=0)
    words = models.TextField(_("Exact's words"), blank=True, default="")
    answer = models.JSONField(_("answer"), default=dict)

    objects = PostingCalls.as_manager()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        indexes: ClassVar = [models.Index(fields=["posting", "at"], name="postingcall_of_posting")]

    def __str__(self) -> str:
        return f"{self.verb} {self.resource} {self.status}"


class Halts(VisibleQuerySet["Halt"]):
    """Halts of the divisions that somebody may see."""

    administration_path = "division__administration"


class Halt(models.Model):
    """Nothing more is sent to a division: the same refusal came several times in a row, and a person is asked."""

    division = models.OneToOneField(Division, models.CASCADE, related_name="halt", verbose_name=_("division"))
    cause = models.CharField(_("cause"), max_length=30)
    words = models.TextField(_("Exact's words"), blank=True, default="")
    times = models.PositiveIntegerField(_("times in a row"), default=0)
    halted_at = models.DateTimeField(
        _("halted at"), null=True, help_text="NULL: only counted so far; work goes on."
    )

    objects = Halts.as_manager()

    class Meta:
        verbose_name = _("halt")
        verbose_name_plural = _("halts")

    def __str__(self) -> str:
        return f"{self.division_id}: {self.cause}"

    @property
    def sentence(self) -> str:
        """What happened and what to do about it."""
        words = gettext(
            "Exact refused %(count)d documents in a row for the same reason, so the others wait: %(words)s "
            "Mend it and let it go on."
        )
        said = self.words.strip()
        return words % {"count": self.times, "words": said if said.endswith(".") else f"{said}."}
