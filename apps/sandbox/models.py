"""What the simulated Exact Online keeps, in the sandbox's own database."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Switches(models.Model):
    """The one row of settings: clock, limits and habits that the facts call uncertain."""

    seeded = models.BooleanField(default=False, editable=False)
    offset_seconds = models.FloatField(_("clock offset in seconds"), default=0.0)
    minute_limit = models.PositiveIntegerField(_("calls per minute and division"), default=60)
    day_limit = models.PositiveIntegerField(_("calls per day and division"), default=5000)
    error_limit = models.PositiveIntegerField(_("refused calls per hour and endpoint"), default=10)
    ledger_needs_filter = models.BooleanField(_("TransactionLines demand a filter"), default=True)
    early_refresh_is_401 = models.BooleanField(_("an early refresh gets the older answer 401"), default=False)
    documents_with_entries = models.BooleanField(_("an entry makes its own document"), default=True)
    latency_ms = models.PositiveIntegerField(_("milliseconds that each call takes longer"), default=0)
    old_tokens_live = models.BooleanField(
        _("an old refresh token works until the new pair is used"), default=False
    )
    expires_in_is_number = models.BooleanField(_("expires_in is a number"), default=False)
    blocked_status = models.PositiveIntegerField(_("status while an endpoint is blocked"), default=429)
    trimmed_texts = models.BooleanField(_("texts come without padding"), default=False)
    webhook_delay_seconds = models.FloatField(_("seconds until a webhook is sent"), default=0)
    webhook_times = models.PositiveIntegerField(_("times that each webhook is sent"), default=1)
    webhooks_reversed = models.BooleanField(_("webhooks arrive newest first"), default=False)

    objects: ClassVar[models.Manager["Switches"]] = models.Manager()

    class Meta:
        verbose_name = _("settings of the sandbox")
        verbose_name_plural = _("settings of the sandbox")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class Row(models.Model):
    """One entity of one resource, under Exact's own field names in canonical values.

    `parent` and `mark` repeat what rows are looked up by: the key of the owner, and the code or number.
    """

    resource = models.CharField(_("resource"), max_length=60)
    division = models.PositiveIntegerField(_("division"))
    key = models.CharField(_("key"), max_length=80)
    parent = models.CharField(max_length=40, blank=True, default="")
    mark = models.CharField(max_length=80, blank=True, default="")
    timestamp = models.BigIntegerField(_("timestamp"))
    data = models.JSONField(_("fields"))

    objects: ClassVar[models.Manager["Row"]] = models.Manager()

    class Meta:
        verbose_name = _("row in Exact")
        verbose_name_plural = _("rows in Exact")
        constraints: ClassVar = [
            models.UniqueConstraint("resource", "division", "key", name="row_once"),
            models.UniqueConstraint("division", "timestamp", name="timestamp_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["resource", "division", "timestamp"], name="row_by_timestamp"),
            models.Index(fields=["resource", "division", "parent"], name="row_by_parent"),
            models.Index(fields=["resource", "division", "mark"], name="row_by_mark"),
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.key}"


class JournalPeriod(Row):
    """Whether one journal is closed in one period: rows of read/financial/JournalStatusList."""

    class Meta:
        proxy = True
        verbose_name = _("journal period")
        verbose_name_plural = _("journal periods")


class Sequence(models.Model):
    """A number that only rises, per division: row versions, booking numbers, account codes."""

    name = models.CharField(max_length=80)
    division = models.PositiveIntegerField()
    value = models.BigIntegerField()

    objects: ClassVar[models.Manager["Sequence"]] = models.Manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("name", "division", name="sequence_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.division}: {self.value}"


class RegisteredApp(models.Model):
    """An app in the App Center: who may ask people for access, and to where they are sent back."""

    client_id = models.CharField(_("client id"), max_length=36, unique=True)
    secret = models.CharField(_("client secret"), max_length=100)
    webhook_secret = models.CharField(_("webhook secret"), max_length=100, blank=True, default="")
    redirect_uri = models.CharField(_("redirect address"), max_length=300)
    missing_scopes = models.JSONField(_("scopes it lacks"), default=list, blank=True)

    objects: ClassVar[models.Manager["RegisteredApp"]] = models.Manager()

    class Meta:
        verbose_name = _("registered app")
        verbose_name_plural = _("registered apps")

    def __str__(self) -> str:
        return self.client_id


class ExactUser(models.Model):
    """Somebody with a login at Exact Online. `blocked` holds Exact's reason word, such as BlockedUser."""

    user_id = models.CharField(_("user id"), max_length=36, unique=True)
    data = models.JSONField(_("fields of Me"))
    language = models.CharField(
        _("language"), max_length=2, choices=[("nl", _("Dutch")), ("en", _("English"))], default="nl"
    )
    blocked = models.CharField(_("blocked, with this reason"), max_length=30, blank=True, default="")
    divisions = models.JSONField(
        _("divisions that the user may open"), null=True, blank=True, help_text=_("Empty: all of them.")
    )
    missing_scopes = models.JSONField(_("rights that the user lacks"), default=list, blank=True)

    objects: ClassVar[models.Manager["ExactUser"]] = models.Manager()

    class Meta:
        verbose_name = _("Exact user")
        verbose_name_plural = _("Exact users")

    def __str__(self) -> str:
        return str(self.data.get("FullName") or self.user_id)


class Grant(models.Model):
    """That a user lets an app reach these divisions."""

    app = models.ForeignKey(RegisteredApp, models.CASCADE, related_name="grants", verbose_name=_("app"))
    user = models.ForeignKey(ExactUser, models.CASCADE, related_name="grants", verbose_name=_("user"))
    divisions = models.JSONField(_("divisions"), default=list)

    objects: ClassVar[models.Manager["Grant"]] = models.Manager()

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints: ClassVar = [models.UniqueConstraint("app", "user", name="grant_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.app}"


class Code(models.Model):
    """An authorisation code: for one exchange within three minutes."""

    code = models.CharField(max_length=120, unique=True)
    grant = models.ForeignKey(Grant, models.CASCADE, related_name="codes")
    redirect_uri = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    used = models.BooleanField(default=False)

    objects: ClassVar[models.Manager["Code"]] = models.Manager()

    def __str__(self) -> str:
        return f"code {self.pk}"


class Token(models.Model):
    """A pair of tokens. `rotated` once its refresh token was used or the chain was replaced."""

    grant = models.ForeignKey(Grant, models.CASCADE, related_name="tokens")
    access = models.CharField(max_length=200, unique=True)
    refresh = models.CharField(max_length=200, unique=True)
    issued_at = models.DateTimeField()
    rotated = models.BooleanField(default=False)
    ended = models.CharField(
        max_length=20, blank=True, default="", help_text="Why the whole chain ended: password or consent."
    )

    objects: ClassVar[models.Manager["Token"]] = models.Manager()

    def __str__(self) -> str:
        return f"token {self.pk}"


class Package(models.Model):
    """The package of one division and the calls it allows. Empty day limit: no ceiling for one app (facts 2.1)."""

    division = models.PositiveIntegerField(_("division"), unique=True)
    kind = models.CharField(_("package"), max_length=60)
    variant = models.CharField(_("variant"), max_length=20)
    minute_limit = models.PositiveIntegerField(_("calls per minute"), null=True, blank=True)
    day_limit = models.PositiveIntegerField(_("calls per day"), null=True, blank=True)
    unlimited_days = models.BooleanField(_("no ceiling per day"), default=False)
    features = models.JSONField(_("features"), default=list, blank=True)

    objects: ClassVar[models.Manager["Package"]] = models.Manager()

    class Meta:
        verbose_name = _("package")
        verbose_name_plural = _("packages")

    def __str__(self) -> str:
        return f"{self.division}: {self.kind} {self.variant}"


class Usage(models.Model):
    """Calls of one app in one division in the present minute and UTC day; both as numbers since 1970."""

    app = models.ForeignKey(RegisteredApp, models.CASCADE, related_name="usage")
    division = models.PositiveIntegerField()
    minute = models.BigIntegerField(default=0)
    minute_count = models.PositiveIntegerField(default=0)
    day = models.BigIntegerField(default=0)
    day_count = models.PositiveIntegerField(default=0)
    touched = models.BigIntegerField(default=0)

    objects: ClassVar[models.Manager["Usage"]] = models.Manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("app", "division", name="usage_once")]

    def __str__(self) -> str:
        return f"{self.division}: {self.minute_count}, {self.day_count}"


class ErrorBudget(models.Model):
    """Refused calls of one app and user at one endpoint of one division, and the block that follows."""

    app = models.ForeignKey(RegisteredApp, models.CASCADE, related_name="budgets")
    user = models.ForeignKey(ExactUser, models.CASCADE, related_name="budgets")
    division = models.PositiveIntegerField()
    endpoint = models.CharField(max_length=80)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)
    strikes = models.PositiveIntegerField(default=0)
    blocked_until = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["ErrorBudget"]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("app", "user", "division", "endpoint", name="budget_once")
        ]

    def __str__(self) -> str:
        return f"{self.endpoint} {self.division}: {self.count}"


class FaultKind(models.TextChoices):
    """What can go wrong on purpose."""

    ERROR_BEFORE_COMMIT = "error_before_commit", _("error, nothing done")
    ERROR_AFTER_COMMIT = "error_after_commit", _("error, although done")
    DROPPED_BEFORE = "dropped_before", _("connection breaks, nothing done")
    DROPPED_ANSWER = "dropped_answer", _("done, but the answer is lost")
    TOO_MANY = "too_many", _("too many calls (429)")
    EXPIRED_TOKEN = "expired_token", _("token expired (401)")
    STALL = "stall", _("waits, then does it")
    STALL_ANSWER = "stall_answer", _("does it, then waits")
    LOST_REFRESH = "lost_refresh", _("new tokens made, but the answer is lost")
    FORBIDDEN = "forbidden", _("forbidden (403), with a Reason")
    GATEWAY = "gateway", _("a gateway gives up: HTML, nothing done")
    GARBLED = "garbled", _("done, but the answer is unreadable")
    DAY_IS_FULL = "day_is_full", _("too many calls today (429)")
    BARE_TOO_MANY = "bare_too_many", _("too many calls, without any header (429)")


class Fault(models.Model):
    """A fault armed for the next `times` calls that fit. Empty method or path: any."""

    kind = models.CharField(_("kind"), max_length=30, choices=FaultKind.choices)
    method = models.CharField(_("method"), max_length=6, blank=True, default="")
    path = models.CharField(_("path or pattern"), max_length=80, blank=True, default="")
    division = models.PositiveIntegerField(_("division"), null=True, blank=True)
    times = models.PositiveIntegerField(_("times left"), default=1)
    seconds = models.FloatField(_("seconds to wait"), default=0)
    status = models.PositiveIntegerField(_("status of the error"), default=500)
    reason = models.CharField(_("Reason header"), max_length=60, blank=True, default="")

    objects: ClassVar[models.Manager["Fault"]] = models.Manager()

    class Meta:
        verbose_name = _("fault")
        verbose_name_plural = _("faults")

    def __str__(self) -> str:
        return str(self.get_kind_display())


class Call(models.Model):
    """One call that came in. Status 0: no answer was given. `began` and `ended` are seconds of the machine's clock."""

    at = models.DateTimeField(_("at"))
    began = models.FloatField(default=0)
    ended = models.FloatField(default=0)
    method = models.CharField(_("method"), max_length=6)
    path = models.CharField(_("path"), max_length=80)
    division = models.PositiveIntegerField(_("division"), null=True)
    status = models.PositiveIntegerField(_("status"))
    query = models.CharField(_("query"), max_length=500, blank=True, default="")

    objects: ClassVar[models.Manager["Call"]] = models.Manager()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status}"


class Delivery(models.Model):
    """A webhook on its way. `body` is what is sent, byte for byte; status 0: nobody answered."""

    url = models.CharField(_("address"), max_length=300)
    body = models.TextField(_("body"), blank=True)
    due_at = models.DateTimeField(_("due at"))
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    status = models.PositiveIntegerField(_("status"), default=0)
    done = models.BooleanField(_("done"), default=False)

    objects: ClassVar[models.Manager["Delivery"]] = models.Manager()

    class Meta:
        verbose_name = _("webhook on its way")
        verbose_name_plural = _("webhooks on their way")
        indexes: ClassVar = [models.Index(fields=["done", "due_at"], name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.url} {self.status}"


class AttachedFile(models.Model):
    """The bytes of one document attachment, by the key of its row."""

    key = models.CharField(max_length=36, primary_key=True)
    content = models.BinaryField()

    objects: ClassVar[models.Manager["AttachedFile"]] = models.Manager()

    def __str__(self) -> str:
        return self.key
