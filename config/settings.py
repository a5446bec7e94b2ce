"""All settings, from the environment alone. Every one has a default for a bare run in sandbox mode."""

from pathlib import Path

import django_stubs_ext
import environ
from django.utils.translation import gettext_lazy as _

from apps.core.secrets import fernet_key, kept_secret, random_key
from config.navigation import UNFOLD as UNFOLD

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / ".data"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

SANDBOX = env.bool("SANDBOX", default=True)
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Generated on a bare run; outside the sandbox an empty value stops the start (apps.core.checks).
SECRET_KEY = env.str("SECRET_KEY", default="") or (
    kept_secret(DATA_DIR / "secret_key", random_key) if SANDBOX else "unset"
)
TOKEN_KEYS = env.list("TOKEN_KEYS", default=[]) or (
    [kept_secret(DATA_DIR / "token_key", fernet_key)] if SANDBOX else []
)

# The outside world. Empty addresses mean: the sandbox, in this process.
SANDBOX_URL = "http://127.0.0.1:8000/sandbox"
SANDBOX_EXACT_CLIENT_ID = "00000000-0000-4000-8000-00000000e0a1"
SANDBOX_EXACT_CLIENT_SECRET = "sandbox-secret"  # noqa: S105 - the sandbox guards nothing
SANDBOX_EXACT_WEBHOOK_SECRET = "sandbox-webhook-secret"  # noqa: S105
EXACT_BASE_URL = env.str("EXACT_BASE_URL", default="")
# Where the outside world reaches us: webhooks of Exact, links in mails. Empty: no webhooks.
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000" if SANDBOX else "").rstrip("/")
# A simulator on this machine is called by plain http, and so is the product beside it.
HTTPS = env.bool("HTTPS", default=not SANDBOX and not EXACT_BASE_URL.startswith("http://"))
EXACT_CLIENT_ID = env.str("EXACT_CLIENT_ID", default="")
EXACT_CLIENT_SECRET = env.str("EXACT_CLIENT_SECRET", default="")
EXACT_WEBHOOK_SECRET = env.str("EXACT_WEBHOOK_SECRET", default="")
EXACT_REDIRECT_URI = env.str("EXACT_REDIRECT_URI", default="http://127.0.0.1:8000/exact/callback/")
ECONNECT_BASE_URL = env.str("ECONNECT_BASE_URL", default="")
ECONNECT_IDENTITY_URL = env.str("ECONNECT_IDENTITY_URL", default="")
ECONNECT_CLIENT_ID = env.str("ECONNECT_CLIENT_ID", default="")
ECONNECT_CLIENT_SECRET = env.str("ECONNECT_CLIENT_SECRET", default="")

HTTP_TIMEOUT = (3, 30)  # seconds to connect, seconds between bytes
HTTP_MOUNT = "apps.sandbox.adapter.SandboxAdapter" if SANDBOX else ""
CLOCK_OFFSET = "apps.sandbox.time.offset_seconds" if SANDBOX else ""

# Bells that a lower floor rings without knowing who listens: name -> task.
HEALTH_FIGURES = {  # more counts for /health/: name -> function that gives one
    "unknown_refusals_7_days": "apps.posting.health.unknown_refusals",
    "documents_left_behind": "apps.posting.health.left_behind",
}
BELLS = {
    "parts_kept": ("apps.invoices.tasks.process",),
    "division_due": ("apps.invoices.tasks.deliver",),
    "mirrors_read": (
        "apps.rules.tasks.propose",
        "apps.vendors.tasks.ask_about_stale",
        "apps.invoices.tasks.follow",
        "apps.invoices.tasks.end_tests",
        "apps.invoices.tasks.cards_read",
    ),
    "ledger_read": ("apps.invoices.tasks.follow",),
    "test_left": ("apps.invoices.tasks.end_tests",),
    "method_switched": ("apps.invoices.tasks.method_switched",),
    "connection_mended": ("apps.invoices.tasks.resume",),
    "account_asked": ("apps.invoices.tasks.account_asked",),
    "account_decided": ("apps.invoices.tasks.account_decided",),
    "mappings_adopted": ("apps.invoices.tasks.mappings_adopted",),
}

# Calls to Exact: what background work leaves to people and to postings, and when it stops by itself
DAY_PERCENT_FOR_PEOPLE = env.int("DAY_PERCENT_FOR_PEOPLE", default=5)
DAY_PERCENT_FOR_POSTINGS = env.int("DAY_PERCENT_FOR_POSTINGS", default=20)
ERRORS_AN_HOUR = env.int("ERRORS_AN_HOUR", default=6)  # of the ten at which Exact blocks an endpoint
CALLS_AT_ONCE = env.int("CALLS_AT_ONCE", default=18)  # divisions of one connection at once; some for postings
DIVISIONS_AT_ONCE = env.int("DIVISIONS_AT_ONCE", default=8)  # threads of one worker process
ROUNDS_AT_ONCE = env.int("ROUNDS_AT_ONCE", default=1)  # worker processes of one host that post, and that sync
HINT_PAUSE_SECONDS = env.int(
    "HINT_PAUSE_SECONDS", default=120
)  # between early reads of a mirror after webhooks

# Delivery
HOLD_BACK_MINUTES = env.int("HOLD_BACK_MINUTES", default=5)
DIVISION_LEASE_SECONDS = env.int("DIVISION_LEASE_SECONDS", default=120)  # renewed before each write
SETTLE_SECONDS = env.int("SETTLE_SECONDS", default=30)  # how long a write without an answer may still arrive
MAX_ATTEMPTS = 10  # claims of one posting before a person must look
RENDER_PDF = env.bool(
    "RENDER_PDF", default=True
)  # a page for people beside an e-invoice without a PDF: one call more
EXACT_ENTRY_URL = env.str(
    "EXACT_ENTRY_URL", default="{base}/docs/PurchaseEntry.aspx?ID=%7B{id}%7D&_Division_={division}"
)  # where a booking opens in Exact's own screens: reported, not documented, hence a setting
EXACT_DOCUMENT_URL = env.str(
    "EXACT_DOCUMENT_URL", default="{base}/docs/DocView.aspx?DocumentID=%7B{id}%7D&_Division_={division}"
)

# Intake
MAX_UPLOAD_BYTES = 10 * 1024 * 1024

DATABASE_ROUTERS = ["apps.core.routing.SandboxRouter"]
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
}
POSTGRES_OPTIONS = {
    "options": "-c statement_timeout=60s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
}
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'postkamer.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"] |= {"OPTIONS": SQLITE_OPTIONS, "TEST": {"NAME": str(DATA_DIR / "test.sqlite3")}}
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": POSTGRES_OPTIONS}
if SANDBOX:
    DATABASES["sandbox"] = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(DATA_DIR / "sandbox.sqlite3"),
        "OPTIONS": SQLITE_OPTIONS,
        "TEST": {"NAME": str(DATA_DIR / "test-sandbox.sqlite3")},
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},  # django-q2's own statistics
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "originals": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(DATA_DIR / "originals"), "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.simple_history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "simple_history",
    "django_q",
    "apps.core",
    "apps.people",
    "apps.clients",
    "apps.exact",
    "apps.intake",
    "apps.vendors",
    "apps.rules",
    "apps.posting",
    "apps.invoices",
    "apps.reports",
    *(["apps.sandbox"] if SANDBOX else []),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.people.middleware.LanguageOfUser",
    "apps.people.middleware.SecondFactorForStaff",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.core.context.product",
                "apps.exact.context.troubles",
            ]
        },
    }
]

# People
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "apps.people.backends.RoleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "apps.people.adapter.StaffAccounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key,20/5m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
SECOND_FACTOR_REQUIRED = not SANDBOX
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)

# Language and time: stored in UTC, shown in Dutch local time
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
FORMAT_MODULE_PATH = "config.formats"
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"
USE_THOUSAND_SEPARATOR = (
    False  # it would group the digits of keys in addresses and forms, too; amounts ask for it
)

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True

# Browsers
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/$", r"^exact/webhook/\d+/$"]  # a redirected POST would be lost
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * MAX_UPLOAD_BYTES
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'", "'unsafe-eval'"],  # Unfold's Alpine evaluates its attributes
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "frame-src": ["'self'"],
    }
}

# django-q2 is bell and clock only: no retry policy here, every promise is kept in our own rows.
Q_CLUSTER = {
    "name": "postkamer",
    "orm": "default",
    "cache": "process",
    "label": "Taken",
    "workers": env.int("Q_WORKERS", default=4),
    "queue_limit": 1,
    "bulk": 1,
    "timeout": 120,
    "retry": 420,
    "ack_failures": True,
    "max_attempts": 1,
    "save_limit": 0,
    "recycle": 200,
    "max_rss": 400_000,
    "catch_up": False,
    "poll": 1.0,
    "guard_cycle": 1,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "apps.core.redaction.Redact"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["redact"], "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {  # at DEBUG these three print tokens and secrets
        "requests_oauthlib": {"level": "INFO"},
        "oauthlib": {"level": "INFO"},
        "urllib3": {"level": "INFO"},
    },
}
