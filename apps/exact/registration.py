"""Our registration at Exact Online: the default app, as the environment describes it."""

from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apps.exact import lookout
from apps.exact.models import ExactApp

_COUNTRIES = {"be": "BE", "de": "DE", "fr": "FR", "es": "ES", "uk": "GB", "com": "US"}


class NotConfigured(Exception):
    """The environment does not say which Exact app to use. The message is a sentence for people."""


@dataclass(frozen=True)
class _Registration:
    name: str
    country: str
    base_url: str
    client_id: str
    client_secret: str
    webhook_secret: str
    redirect_uri: str


def default_app() -> ExactApp:
    """Return the app of the EXACT_* settings, stored and kept equal to them; in the sandbox the sandbox's own.

    Another base address is another Exact with other divisions, and so another app. Raises NotConfigured.
    """
    wanted = _from_settings()
    app, made = ExactApp.objects.get_or_create(
        base_url=wanted.base_url, defaults={**asdict(wanted), "is_default": not _default_exists()}
    )
    changed = [name for name, value in asdict(wanted).items() if getattr(app, name) != value]
    if not made and changed:
        for name in changed:
            setattr(app, name, getattr(wanted, name))
        app.save(update_fields=changed)
        _try_again(app, changed)
    if not app.is_default:
        _make_default(app)
    return app


def _try_again(app: ExactApp, changed: list[str]) -> None:
    """Let the chains be tried once more that Exact refused over what was changed now."""
    if {"client_id", "client_secret"} & set(changed):
        for connection in app.connections.all():
            lookout.try_again(connection)


def _default_exists() -> bool:
    return ExactApp.objects.filter(is_default=True).exists()


def _make_default(app: ExactApp) -> None:
    with transaction.atomic():
        ExactApp.objects.filter(is_default=True).update(is_default=False)
        app.is_default = True
        app.save(update_fields=["is_default"])


def _from_settings() -> _Registration:
    _refuse_gaps()
    base_url = (settings.EXACT_BASE_URL or f"{settings.SANDBOX_URL}/exact").rstrip("/")
    parts = urlsplit(base_url)
    place = parts.netloc + parts.path if settings.EXACT_BASE_URL else "sandbox"
    host = parts.hostname or ""
    return _Registration(
        name=f"Exact Online ({place})"[:100],
        country=_COUNTRIES.get(host.rpartition(".")[2], "NL"),
        base_url=base_url,
        client_id=settings.EXACT_CLIENT_ID or settings.SANDBOX_EXACT_CLIENT_ID,
        client_secret=settings.EXACT_CLIENT_SECRET or settings.SANDBOX_EXACT_CLIENT_SECRET,
        webhook_secret=settings.EXACT_WEBHOOK_SECRET
        or (settings.SANDBOX_EXACT_WEBHOOK_SECRET if settings.SANDBOX else ""),
        redirect_uri=settings.EXACT_REDIRECT_URI,
    )


def _refuse_gaps() -> None:
    needed = ("EXACT_BASE_URL", "EXACT_CLIENT_ID", "EXACT_CLIENT_SECRET")
    missing = [name for name in needed if not getattr(settings, name)]
    if missing and not settings.SANDBOX:
        raise NotConfigured(
            _(
                "Exact Online is not set up. Set these variables in the environment and start again: %(names)s."
            )
            % {"names": ", ".join(missing)}
        )
