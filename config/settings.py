"""All settings, from the environment alone. Every one has a default for a bare run in sandbox mode."""

from pathlib import Path

import django_stubs_ext
import environ
from django.utils.translation import gettext_lazy as _

from apps.core.secrets import fernet_key, kept_secret, random_key
from config.bells import ASKERS as ASKERS
from config.bells import BELLS as BELLS
from config.bells import HEALTH_FIGURES as HEALTH_FIGURES
from config.bells import ITEM_ASKERS as ITEM_ASKERS
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
ECONNECT_SUBSCRIPTION_KEY = env.str("ECONNECT_SUBSCRIPTION_KEY", default="")  # older accounts need one
SANDBOX_ECONNECT_CLIENT_ID = "sandbox-econnect"
SANDBOX_ECONNECT_CLIENT_SECRET = "sandbox-econnect-secret"  # noqa: S105
# What eConnect's own pages contradict each other on, or do not say: to be tried on its acceptance environment.
ECONNECT_HOOK_VERB = env.str("ECONNECT_HOOK_VERB", default="PUT")  # the other one is tried after a 405
ECONNECT_FORMAT_PARAMETER = env.str("ECONNECT_FORMAT_PARAMETER", default="targetDocumentTypeId")
ECONNECT_INVOICE_FORMAT = env.str(
    "ECONNECT_INVOICE_FORMAT",
    default="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2::Invoice##urn:cen.eu:en16931:2017#compliant"
    "#urn:fdc:nen.nl:nlcius:v1.0::2.1",
)  # empty: as it was sent
ECONNECT_REMOVE_AFTER_KEEPING = env.bool("ECONNECT_REMOVE_AFTER_KEEPING", default=True)
# A document that is removed there can no longer be answered for sure; those of a party that may answer wait.
ECONNECT_REMOVE_AFTER_DAYS = env.int(
    "ECONNECT_REMOVE_AFTER_DAYS", default=3
)  # of the 7 after the first download
ECONNECT_MAIL_HOOK = env.str("ECONNECT_MAIL_HOOK", default="")  # a mailbox that we read: the second way in
ECONNECT_MAIL_SENDERS = env.list("ECONNECT_MAIL_SENDERS", default=["@econnect.eu", "@everbinding.nl"])
ECONNECT_KEEPS_DAYS = env.int("ECONNECT_KEEPS_DAYS", default=90)
ECONNECT_KEEPS_DAYS_AFTER_DOWNLOAD = env.int("ECONNECT_KEEPS_DAYS_AFTER_DOWNLOAD", default=7)

HTTP_TIMEOUT = (3, 30)  # seconds to connect, seconds between bytes
HTTP_MOUNT = "apps.sandbox.adapter.SandboxAdapter" if SANDBOX else ""
CLOCK_OFFSET = "apps.sandbox.time.offset_seconds" if SANDBOX else ""
MADE_UP_HISTORY = "apps.sandbox.seed.history_of" if SANDBOX else ""

# Calls to Exact: what background work leaves to people and to postings, and when it stops by itself
DAY_PERCENT_FOR_PEOPLE = env.int("DAY_PERCENT_FOR_PEOPLE", default=5)
DAY_PERCENT_FOR_POSTINGS = env.int("DAY_PERCENT_FOR_POSTINGS", default=20)
ERRORS_AN_HOUR = env.int("ERRORS_AN_HOUR", default=6)  # of the ten at which Exact blocks an endpoint
CALLS_AT_ONCE = env.int("CALLS_AT_ONCE", default=18)  # divisions of one connection at once; some for postings
DIVISIONS_AT_ONCE = env.int("DIVISIONS_AT_ONCE", default=8)  # threads of one worker process
ROUNDS_AT_ONCE = env.int("ROUNDS_AT_ONCE", default=1)  # worker processes of one host that post, and that sync
HINT_PAUSE_SECONDS = env.int("HINT_PAUSE_SECONDS", default=120)  # between early reads of a mirror

# Preflight
PREFLIGHT_CARDS_PERCENT = env.int("PREFLIGHT_CARDS_PERCENT", default=25)  # of cards may lack any number
# Share links: by which somebody outside connects an administration without an account here
FIRM_NAME = env.str("FIRM_NAME", default="")  # shown to whoever gets one
SHARE_LINK_DAYS = env.int("SHARE_LINK_DAYS", default=14)  # at most 90

# Delivery
CLIENT_QUESTION_DAYS = env.int("CLIENT_QUESTION_DAYS", default=30)  # how long the link in the mail answers
UNTOUCHED_BEFORE_OFFERED = env.int(
    "UNTOUCHED_BEFORE_OFFERED", default=3
)  # bookings of a vendor, where no limits say otherwise
HOLD_BACK_MINUTES = env.int("HOLD_BACK_MINUTES", default=5)
DIVISION_LEASE_SECONDS = env.int("DIVISION_LEASE_SECONDS", default=120)  # renewed before each write
SETTLE_SECONDS = env.int("SETTLE_SECONDS", default=30)  # how long a write without an answer may still arrive
MAX_ATTEMPTS = 10  # claims of one posting before a person must look
RENDER_PDF = env.bool("RENDER_PDF", default=True)  # a page for people where there is no PDF: one call more
# Whether PrivateUsePercentage and VATNonDeductiblePercentage of an entry line are fractions (0.25) as Exact's other
# percentages are, or percentages (25): nobody has confirmed it yet.
EXACT_LINE_PERCENTAGES_ARE_FRACTIONS = env.bool("EXACT_LINE_PERCENTAGES_ARE_FRACTIONS", default=True)
# How Exact tells of rights and of trial licences is not documented (Exact facts 1.7), hence settings.
EXACT_RIGHTS_QUOTED = env.bool("EXACT_RIGHTS_QUOTED", default=True)
EXACT_TRIAL_WORDS = env.list("EXACT_TRIAL_WORDS", default=["trial", "proef"])  # in a feature or a package
EXACT_TRIAL_USER_FLAGS = env.list("EXACT_TRIAL_USER_FLAGS", default=["IsStarterUser"])  # fields of current/Me
EXACT_MAILBOX_WORDS = env.list("EXACT_MAILBOX_WORDS", default=["mailbox", "brievenbus"])  # in a feature
EXACT_LOGISTIC_WORDS = env.list(  # in a feature or a package
    "EXACT_LOGISTIC_WORDS",
    default=["purchase order", "inkooporder", "trade", "handel", "manufacturing", "productie"],
)
# Where things open in Exact's own screens: reported or guessed, not documented, hence settings.
_SCREEN = "{base}/docs/%s&_Division_={division}"
EXACT_ENTRY_URL = env.str("EXACT_ENTRY_URL", default=_SCREEN % "PurchaseEntry.aspx?ID=%7B{id}%7D")
EXACT_DOCUMENT_URL = env.str("EXACT_DOCUMENT_URL", default=_SCREEN % "DocView.aspx?DocumentID=%7B{id}%7D")
EXACT_ORDER_URL = env.str("EXACT_ORDER_URL", default=_SCREEN % "PurOrderEntry.aspx?ID=%7B{id}%7D")
EXACT_INVOICE_URL = env.str("EXACT_INVOICE_URL", default=_SCREEN % "PurInvoiceEntry.aspx?ID=%7B{id}%7D")
# The type of the document that carries an order: one that our user may make (documents/DocumentTypes, Exact facts 4.6).
EXACT_ORDER_DOCUMENT_TYPE = env.int("EXACT_ORDER_DOCUMENT_TYPE", default=55)
# The digital mailbox: which own mailbox a message is sent from ("": the one it is sent to), who mails to it ("": as
# all other mail), and the type of a UBL file in it (20 UBL 2.0, 23 Peppol, 130 UBL 2.1), by flavour or for all.
EXACT_MAILBOX_SENDER = env.str("EXACT_MAILBOX_SENDER", default="")
EXACT_MAILBOX_FROM = env.str("EXACT_MAILBOX_FROM", default="")
EXACT_MAILBOX_UBL_TYPES = env.dict("EXACT_MAILBOX_UBL_TYPES", default={})
EXACT_MAILBOX_NEEDS_ALLOWED = env.bool("EXACT_MAILBOX_NEEDS_ALLOWED", default=True)  # the allowed-sender step
EXACT_MAILBOX_LOOK_MINUTES = env.int("EXACT_MAILBOX_LOOK_MINUTES", default=60)  # after an unanswered mail
# The address of an administration's digital mailbox; {kvk} is its number. Exact shows a new one after some minutes.
EXACT_MAILBOX_PATTERN = env.str("EXACT_MAILBOX_PATTERN", default="{kvk}@facturen.econnect.eu")
EXACT_MAILBOX_MINUTES = env.int("EXACT_MAILBOX_MINUTES", default=10)

# Intake
MAX_UPLOAD_BYTES = 10 * 1024 * 1024  # of one file, by whatever door
MAX_MAIL_BYTES = 35 * 1024 * 1024
MAX_PARTS = 50  # documents of one mail or ZIP file
MAX_UNPACKED_BYTES = 100 * 1024 * 1024  # of all files in one ZIP file
MAX_UNPACKED_RATIO = 100  # times as large as they are packed
FOLDERS_ROOT = Path(env.str("FOLDERS_ROOT", default=str(DATA_DIR / "folders")))
FOLDER_SETTLE_SECONDS = env.int("FOLDER_SETTLE_SECONDS", default=10)  # a file that grew since is left alone
CLAMAV_ADDRESS = env.str("CLAMAV_ADDRESS", default="")  # host:port or a socket's path; empty: not scanned

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
    "apps.econnect",
    "apps.intake",
    "apps.vendors",
    "apps.rules",
    "apps.items",
    "apps.posting",
    "apps.invoices",
    "apps.orders",
    "apps.preflight",
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
                "apps.invoices.context.troubles",
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
ACCOUNT_RATE_LIMITS = {
    "login_failed": "5/5m/key,20/5m/ip",
    "client_question": "20/m/ip",  # answers of clients; the secret in their link cannot be guessed
    "share_link": "30/m/ip",  # people who connect their own administration
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
SECOND_FACTOR_REQUIRED = not SANDBOX
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
if SANDBOX and not env.str("EMAIL_URL", default=""):
    EMAIL_BACKEND = (
        "apps.sandbox.postbox.EmailBackend"  # into the simulated mailboxes, the rest to the console
    )
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=30)  # seconds that a mail server may keep us waiting

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
SECURE_REDIRECT_EXEMPT = [
    r"^health/$",
    r"^exact/webhook/\d+/$",
    r"^econnect/hook/\d+/$",
]  # a redirected POST would be lost
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
DATA_UPLOAD_MAX_NUMBER_FIELDS = (
    40_000  # the longest order that is read has 5,000 lines, each with seven fields
)
DATA_UPLOAD_MAX_NUMBER_FILES = 1000  # beyond it Django answers without a word for people
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
