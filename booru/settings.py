"""Settings, all from the environment; see docs/configuration.md."""

from datetime import timedelta
from email.utils import getaddresses
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import django
import environ
from django.core.exceptions import ImproperlyConfigured
from pythonjsonlogger.core import RESERVED_ATTRS

from booru.embedded_postgres import database_url
from booru.secret_key import secret_key, secret_of
from jobs.engine.connection_options import CONNECTION_OPTIONS
from mailers.sending.delivery_url import SMTP, delivery_settings

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Core -----------------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=LOCAL_HOSTS)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SECRET_KEY = secret_key()

# Keys from before: what they signed or sealed is still good.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

INSTALLED_APPS = [
    "booru",
    "mailers",
    "jobs.engine",
    "django_q",
    "django_htmx",
    "anymail",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "jobs.engine.middleware.RequestContextMiddleware",
    "booru.web.limits.cost_limits.CostLimitMiddleware",
    "booru.web.limits.time_limits.TimeLimitMiddleware",
    "booru.web.middleware.MalformedRequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "booru.web.api.authentication.NoCookiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "booru.web.api.authentication.ApiKeyMiddleware",
    "booru.web.limits.time_limits.UserTimeLimitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "booru.web.middleware.SecurityHeadersMiddleware",
    "booru.web.middleware.LastVisitMiddleware",
    "booru.web.login.known_places.KnownBrowserMiddleware",
    "booru.web.http.time_zone.TimeZoneMiddleware",
    "booru.web.http.invalid_names.InvalidNameMiddleware",
    "booru.web.middleware.ErrorMiddleware",
]

ROOT_URLCONF = "booru.urls"
WSGI_APPLICATION = "booru.wsgi.application"

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
                "booru.web.context_processors.layout",
            ],
        },
    },
]

# --- Database -------------------------------------------------------------------------------------------

_database = env.db_url_config(database_url())
# manage.py makes it DATABASE_URL; who still has another one is the web site, behind a pool.
_is_pooled = env.str("DIRECT_DATABASE_URL", default="") not in {"", env.str("DATABASE_URL", default="")}
DATABASES = {
    "default": {
        "DISABLE_SERVER_SIDE_CURSORS": _is_pooled,
        **_database,
        # Parameters of the URL go before.
        "OPTIONS": {**CONNECTION_OPTIONS, **_database.get("OPTIONS", {})},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Time, language, files ------------------------------------------------------------------------------

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Served from where they are: no build step, no collectstatic.
WHITENOISE_USE_FINDERS = True

# --- Accounts -------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "booru.User"
# Names are unique, whatever their case: a constraint on an expression, which this check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.E003"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# From the last day that one was here; a login session that was not used for so long has expired.
SESSION_COOKIE_AGE = 28 * 24 * 60 * 60
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "front_page"
CSRF_FAILURE_VIEW = "booru.web.http.error_pages.csrf_failure"
DEFAULT_EXCEPTION_REPORTER = "booru.web.http.error_reports.ErrorReporter"

# --- HTTPS ----------------------------------------------------------------------------------------------
# DANBOORU_HTTPS says that the site is reached over HTTPS only. A proxy that ends TLS must set
# X-Forwarded-Proto itself, never pass on the client's.

HTTPS = env.bool("DANBOORU_HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

# --- Danbooru -------------------------------------------------------------------------------------------

DANBOORU_APP_NAME = env.str("DANBOORU_APP_NAME", default="Danbooru")
DANBOORU_CANONICAL_URL = env.str("DANBOORU_CANONICAL_URL", default="http://localhost:8000").rstrip("/")
# Regular expressions; a user name that one of them matches "is not allowed".
DANBOORU_FORBIDDEN_USER_NAMES = env.list("DANBOORU_FORBIDDEN_USER_NAMES", default=[])
# Whether whoever signs up in a way that spammers do must confirm an email address before writing anything.
DANBOORU_NEW_USER_VERIFICATION = env.bool("DANBOORU_NEW_USER_VERIFICATION", default=False)
# Proxies and VPNs, such as "203.0.113.0/24,2001:db8::/32"; approvers do not log in from there without 2FA.
DANBOORU_PROXY_NETWORKS = [
    ip_network(text.strip()) for text in env.list("DANBOORU_PROXY_NETWORKS", default=[])
]
# Headers in which your proxy tells where an address is, such as "city=CF-IPCity,region=CF-Region"; also
# country and organization. It must not pass on the client's own.
DANBOORU_PLACE_HEADERS = env.dict("DANBOORU_PLACE_HEADERS", default={})
# Seconds that a statement of a web request may take, by the level from which on it is so; 0 is no limit.
# Jobs and commands have none.
DANBOORU_STATEMENT_TIMEOUTS = {
    "anonymous": 3.0,
    "gold": 6.0,
    "platinum": 9.0,
    **env.dict("DANBOORU_STATEMENT_TIMEOUTS", cast={"value": float}, default={}),
}
# Seconds after which a web request is ended at its next statement, whoever asks.
DANBOORU_REQUEST_TIMEOUT = env.float("DANBOORU_REQUEST_TIMEOUT", default=10)
# Seconds of work beyond the first 0.3 of each request that a visitor may cause at once, by the level from
# which on it is so; a hundredth of them comes back each second. 0 is no limit.
DANBOORU_COST_LIMITS = {
    "anonymous": 10.0,
    "gold": 20.0,
    "platinum": 30.0,
    "builder": 60.0,
    "moderator": 120.0,
    **env.dict("DANBOORU_COST_LIMITS", cast={"value": float}, default={}),
}
DANBOORU_RATE_LIMITS = env.bool("DANBOORU_RATE_LIMITS", default=True)
# Whether BURs run one after the other, even those that have nothing to do with each other.
DANBOORU_BULK_UPDATES_ONE_AT_A_TIME = env.bool("DANBOORU_BULK_UPDATES_ONE_AT_A_TIME", default=False)
DANBOORU_SYSTEM_USER = env.str("DANBOORU_SYSTEM_USER", default="DanbooruBot")
# What tells spam among dmails: the path of a function, such as booru.services.spam_signs.looks_like_spam.
DANBOORU_SPAM_CHECKER = env.str("DANBOORU_SPAM_CHECKER", default="")

# --- Jobs (the engine's own settings begin with JOBS_) ---------------------------------------------------

Q_CLUSTER = {
    "name": "danbooru",
    "label": "Jobs",
    "broker_class": "jobs.engine.broker.PostgresBroker",
    "workers": env.int("JOBS_WORKERS", default=2),
    # Seconds, for plain async_task() calls; a Job has its own. No job is given out again because it is slow.
    "timeout": 24 * 60 * 60,
    "queue_limit": 1,
    "save_limit": 0,
    "ack_failures": True,
    "catch_up": False,
    "ALT_CLUSTERS": {},
}
# How many reverse proxies add to X-Forwarded-For.
JOBS_TRUSTED_PROXIES = env.int("JOBS_TRUSTED_PROXIES", default=0)
JOBS_DASHBOARD_POLICY = "booru.web.http.policies.JobPolicy"
JOBS_BASE_TEMPLATE = "layouts/default.html"
JOBS_SITE_URL = DANBOORU_CANONICAL_URL
# The earlier dotted paths of job classes and functions that rows name, each with the one of today.
JOBS_MOVED: dict[str, str] = {}
JOBS_SCHEDULE = "jobs.schedule.SCHEDULE"
# "external": manage.py qcluster. "async": threads of the web process, for development. "inline": at once.
JOBS_MODE = env.str("JOBS_MODE", default="external")
JOBS_ASYNC_THREADS = env.int("JOBS_ASYNC_THREADS", default=2)
# How many workers of a cluster may take a queue: "bulk_update=-1;other=2"; negative is all but so many.
# Seconds that a job of a class which the workers do not have, as during a deploy, waits for one that has it.
JOBS_DEPLOY_GRACE = timedelta(seconds=env.float("JOBS_DEPLOY_GRACE", default=600))
JOBS_QUEUE_LIMITS = env.dict(
    "JOBS_QUEUE_LIMITS", cast={"value": int}, default={"bulk_update": -1, "mail": -1}
)
# The only priorities that workers here take; the smaller number is the better one.
JOBS_MIN_PRIORITY = env.int("JOBS_MIN_PRIORITY", default=None)
JOBS_MAX_PRIORITY = env.int("JOBS_MAX_PRIORITY", default=None)
# Seconds that a stopping cluster waits for its jobs before it puts them back.
JOBS_STOP_TIMEOUT = timedelta(seconds=env.float("JOBS_STOP_TIMEOUT", default=25))
# MiB; a worker that uses more is replaced after its job.
JOBS_MAX_RSS = env.int("JOBS_MAX_RSS", default=None)
JOBS_RETENTION = timedelta(days=env.float("JOBS_RETENTION_DAYS", default=3))
JOBS_DESTROY_FAILED = env.bool("JOBS_DESTROY_FAILED", default=False)
# Who is told by email when jobs are discarded: "Name <address>, …".
_admins = [admin for admin in getaddresses([env.str("ADMINS", default="")]) if admin[1]]
# Addresses alone from Django 6 on; before, it refused them.
ADMINS = [address for _, address in _admins] if django.VERSION >= (6,) else _admins
EMAIL_SUBJECT_PREFIX = f"[{DANBOORU_APP_NAME}] "
SERVER_EMAIL = env.str("SERVER_EMAIL", default=f"jobs@{urlsplit(DANBOORU_CANONICAL_URL).hostname}")

# --- Email ----------------------------------------------------------------------------------------------
# How to write the URL: mailers/sending/delivery_url.py. Without one, email is off.

mail = delivery_settings(env.str("DANBOORU_MAIL_DELIVERY_URL", default=""))
EMAIL_BACKEND = mail.backend
EMAIL_HOST, EMAIL_PORT = mail.host, mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = mail.username, mail.password
EMAIL_USE_SSL = mail.use_ssl
SMTP_OPTIONS = mail.smtp_options
# "user:password", which the provider sends with each report; two of them while one replaces the other.
MAIL_WEBHOOK_SECRETS = env.list("DANBOORU_MAIL_WEBHOOK_SECRET", default=[])
if any(":" not in text.strip(":") or text == "user:password" for text in MAIL_WEBHOOK_SECRETS):
    raise ImproperlyConfigured(
        "DANBOORU_MAIL_WEBHOOK_SECRET must be a user and a password of your own, with : between"
    )
ANYMAIL = {**mail.anymail, "WEBHOOK_SECRET": MAIL_WEBHOOK_SECRETS}
# How long it is known what was sent to whom.
DANBOORU_SENT_MAIL_RETENTION_DAYS = env.float("DANBOORU_SENT_MAIL_RETENTION_DAYS", default=90)

# Whether new addresses are looked up, so that nobody signs up with one that no mail can reach. Of use only
# where emails leave the site.
DANBOORU_CHECK_EMAIL_DOMAINS = env.bool(
    "DANBOORU_CHECK_EMAIL_DOMAINS", default=mail.backend == SMTP or bool(mail.anymail)
)

# Signs the links in emails; a key of its own lets them outlive a change of SECRET_KEY.
EMAIL_KEY = secret_of("DANBOORU_EMAIL_KEY") or SECRET_KEY
# Other addresses than webmaster@, notifications@, security@, welcome@ and dmca@ the site's host, such as
# "security=help@example.com".
DANBOORU_MAIL_ADDRESSES = env.dict("DANBOORU_MAIL_ADDRESSES", default={})

# --- Logging --------------------------------------------------------------------------------------------

LOG_FORMAT = env.str("LOG_FORMAT", default="text")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "context": {"()": "jobs.engine.logs.ContextFilter"},
        "secrets": {"()": "jobs.engine.logs.SecretsFilter"},
    },
    "formatters": {
        "text": {
            "format": "{asctime} {levelname} {name} [request {request_label} job {job_id}] {message}",
            "style": "{",
        },
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "fmt": "{asctime} {levelname} {name} {message} "
            "{request_id} {client_request_id} {job_id} {job_class}",
            "style": "{",
            # Django's own records carry the request, whose text is its whole address.
            "reserved_attrs": [*RESERVED_ATTRS, "request"],
        },
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["context", "secrets"],
            "formatter": LOG_FORMAT,
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # That of runserver.
        "django.server": {"level": "INFO", "handlers": ["console"], "propagate": False},
        # Every ticket of every worker is a line at INFO.
        "django-q": {"level": env.str("LOG_LEVEL_DJANGO_Q", default="WARNING")},
    },
}
