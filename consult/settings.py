"""Every setting of the site, in one place, read once from the environment.

Each value that a deployment may change is an environment variable, read here by its type and
described in docs/operations.md (a test compares the two). Nothing here is secret: secrets come
from the environment (`manage.py` puts a running demo's there).
"""

from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE

from analysis.catalogue import LOCALE
from consult.logs import logging_config

BASE_DIR: Final = Path(__file__).resolve().parent.parent

env = environ.Env()

# --- Where things are ------------------------------------------------------------------------

# Everything the site writes to disk: embedded servers, uploads, collected static files, logs.
# By default `var` beside the rooms, or, of an installed package, where it is started.
DATA_DIR: Final = Path(
    env.str(
        "CONSULT_DATA_DIR",
        default=str(BASE_DIR / "var" if (BASE_DIR / "manage.py").exists() else Path("var")),
    )
).resolve()

# --- Who we are, and who may ask -------------------------------------------------------------

# Shows tracebacks to whoever meets an error, and takes a known secret key. Never in production.
DEBUG: bool = env.bool("DEBUG", default=False)

# Signs sessions and form tokens. Empty on purpose: Django refuses to use an empty key, so a
# deployment that forgot it fails closed.
SECRET_KEY: str = env.str("SECRET_KEY", default="only-for-debugging" if DEBUG else "")

# Old keys that still verify while they are being rotated out, newest first.
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])

# Makes the secret on a citizen's receipt, with which a response can be withdrawn. Apart from
# SECRET_KEY, so that rotating sessions does not void receipts already handed out.
CONSULT_RECEIPT_KEY: str = env.str(
    "CONSULT_RECEIPT_KEY", default="only-for-debugging" if DEBUG else ""
)

# The address citizens use, without a slash at the end. `https://` turns on everything that only
# makes sense with it: secure cookies, HSTS, the redirect from http.
CONSULT_BASE_URL: str = env.str("CONSULT_BASE_URL", default="http://localhost:8000").rstrip("/")

# The host names the site answers to.
ALLOWED_HOSTS: list[str] = env.list(
    "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", urlsplit(CONSULT_BASE_URL).hostname or ""]
)

# True when a proxy that strips the client's own X-Forwarded-Proto ends TLS in front of us.
CONSULT_BEHIND_PROXY: bool = env.bool("CONSULT_BEHIND_PROXY", default=False)

SECURE: Final[bool] = CONSULT_BASE_URL.startswith("https://")

# --- The rooms -------------------------------------------------------------------------------

INSTALLED_APPS = [
    # Ours, from the top down: an app may use those below it.
    "consult",
    "cms.pages",
    "cms.reporting",
    "cms.publishing",
    "analysis.review",
    "feedback.answering",
    "feedback.asking",
    "feedback.approval",
    "feedback.audit",
    "feedback.people",
    "feedback.outbox",
    # Styles, tags and templates only, used by all of them.
    "analysis.figures",
    "consult.look",
    # Wagtail
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.locales",
    "wagtail.embeds",
    "wagtail.sites",
    "feedback.people.apps.UsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    # Signing in
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    # Django
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    # First, so that a request is timed whole and logged whatever happens below.
    "consult.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "consult.middleware.SecurityHeadersMiddleware",
    "consult.middleware.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "consult.middleware.StaticNotFoundMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "consult.middleware.PathLanguageMiddleware",
    # As early as the language is known.
    "consult.middleware.RefusalMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    # Outside of all that refuses, and inside of what knows who is asking.
    "feedback.audit.middleware.AuditMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # Who must have a second factor sets one up before anything else.
    "feedback.people.sign_in.middleware.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Another department's pages and files are not there, in any of Wagtail's screens.
    "cms.publishing.screens.OwnDepartmentsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    # Last, so that it sees a view's exception first.
    "consult.middleware.DatabaseDownMiddleware",
]

ROOT_URLCONF = "consult.urls"
WSGI_APPLICATION = "consult.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader", "consult.look.loaders.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                # What the frame of every page says of the site (consult/look/frame.py).
                "cms.pages.frame.frame",
            ],
        },
    },
]

# --- Database, cache -------------------------------------------------------------------------

# Names a server that does not exist: commands that need no database work without one.
NO_DATABASE: Final = "postgres://consult@127.0.0.1:1/DATABASE_URL-is-not-set"
# postgres://user:password@host:port/name
DATABASE_URL: Final[str] = env.str("DATABASE_URL", default=NO_DATABASE)
DATABASES: dict[str, dict[str, Any]] = {"default": dict(environ.Env.db_url_config(DATABASE_URL))}
if (
    DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql"
    and DATABASE_URL != NO_DATABASE
):
    # Django's, which remembers for a moment that the server is away (consult/database/base.py).
    DATABASES["default"]["ENGINE"] = "consult.database"
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"].get("OPTIONS", {}),
        # A server that does not answer costs a citizen three seconds, not two minutes.
        "connect_timeout": 3,
        # Connections kept open by each process; a request waits up to `timeout` seconds for one:
        # long enough for a server that is only started again.
        "pool": {
            "min_size": env.int("CONSULT_DB_POOL_MIN", default=1),
            "max_size": env.int("CONSULT_DB_POOL_MAX", default=8),
            "timeout": 3,
        },
    }
# The pool keeps connections; Django must not keep its own beside it.
DATABASES["default"]["CONN_MAX_AGE"] = 0
# A connection broken while it lay in the pool is replaced, not handed out.
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# Seconds a process waits for the answer to one query; 0: for ever. The web server sets 15: a
# database that hangs must not keep its threads. Workers have queries that take longer.
CONSULT_QUERY_SECONDS: int = env.int("CONSULT_QUERY_SECONDS", default=0)

# redis://… for Valkey or Redis; empty keeps the cache in each process's memory.
CACHE_URL: Final[str] = env.str("CACHE_URL", default="")
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        # Django's, whose absence is a miss (consult/cache.py).
        "BACKEND": "consult.cache.ExpendableRedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "consult",
        # A cache that hangs must cost less than what it saves; then it is left alone for a moment.
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }
    if CACHE_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# --- Languages, formats ----------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
USE_I18N = True
LOCALE_PATHS = [LOCALE]
# `fr` means Canadian French here: `1 234,5`, `16 h 30`, `2026-11-22`.
FORMAT_MODULE_PATH = "consult.formats"
USE_THOUSAND_SEPARATOR = True

# Closing times are shown in this zone, and say so.
TIME_ZONE = "America/Toronto"
USE_TZ = True

# --- Wagtail ---------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Consult"
WAGTAILIMAGES_IMAGE_MODEL = "publishing.DepartmentImage"
WAGTAILDOCS_DOCUMENT_MODEL = "publishing.DepartmentDocument"
WAGTAILADMIN_BASE_URL = CONSULT_BASE_URL
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
# Pairs are made by our own parity rules, never by copying a whole tree.
WAGTAILSIMPLETRANSLATION_SYNC_PAGE_TREE = False
# Both would call a server outside: avatars at gravatar.com, releases at wagtail.org.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
# What is to be changed is said in a review. Wagtail's comments would be a second place for it, and
# write to people past the outbox, in whatever language the writer reads.
WAGTAILADMIN_COMMENTS_ENABLED = False
# Authors sign in where all staff do.
WAGTAILADMIN_AUTH_USER_MODEL = "people.User"
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_FRONTEND_LOGIN_URL = "/staff/sign-in/"
# Passwords are set, changed and forgotten at the same door; an email address, with which one signs
# in, is changed by administrators.
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
# Reviews are Wagtail's workflows, one for each department (`feedback.approval`): what the last yes
# does, the reviewed thing's room says. What is published while a newer draft is in review, by the
# clock, does not end that review.
WAGTAIL_FINISH_WORKFLOW_ACTION = "feedback.approval.reviewed.review_finish"
WAGTAIL_WORKFLOW_CANCEL_ON_PUBLISH = False
# Whoever wrote some of the words of a thing does not approve it, where somebody else can.
CONSULT_APPROVAL_BY_ANOTHER: bool = env.bool("CONSULT_APPROVAL_BY_ANOTHER", default=True)
WAGTAILSEARCH_BACKENDS = {
    "default": {
        "BACKEND": "wagtail.search.backends.database",
        "AUTO_UPDATE": True,
    }
}
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "ods", "odt", "pdf", "txt", "xlsx", "zip"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024

# django-tasks, used by Wagtail to index: at once, in the process. Celery is for our own work.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

# --- Staff sign-in ---------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "staff-home"
LOGOUT_REDIRECT_URL = "account_login"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]

# Who signs in to the site with a password only is asked for a second factor too: roles, and
# `administrator`. Empty: nobody must, everybody may.
CONSULT_SECOND_FACTOR_REQUIRED: list[str] = env.list(
    "CONSULT_SECOND_FACTOR_REQUIRED",
    default=["approver", "privacy_officer", "analyst", "administrator"],
)
# How many proxies before us append to X-Forwarded-For; wrong passwords are counted by network.
CONSULT_PROXIES: int = env.int("CONSULT_PROXIES", default=1 if CONSULT_BEHIND_PROXY else 0)

ACCOUNT_ADAPTER = "feedback.people.sign_in.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_SIGNUP_ENABLED = False
# An administrator says which address is whose: there is none to verify.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
# A person who is signed in may come to the sign-in page: Wagtail sends those who may not edit.
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False
# Ours count in the database (feedback/people/sign_in/attempts.py): allauth's count in the cache,
# and refuse everyone while that is away.
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False
# Whoever changes how one signs in has shown within ten minutes that it is really them.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_FORMS = {
    "login": "feedback.people.sign_in.forms.SignInForm",
    "reauthenticate": "feedback.people.sign_in.forms.ReauthenticateForm",
    "change_password": "feedback.people.sign_in.forms.ChangePasswordForm",
    "reset_password": "feedback.people.sign_in.forms.ForgottenForm",
    "reset_password_from_key": "feedback.people.sign_in.forms.NewPasswordForm",
}
MFA_ADAPTER = "feedback.people.sign_in.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A telephone's clock may be two minutes off: codes of four half minutes before and after are good.
MFA_TOTP_TOLERANCE = 4
# Browsers take `http://localhost`, and no other address without TLS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
# Addresses are those administrators wrote; none waits to be verified.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "feedback.people.sign_in.forms.AuthenticateForm",
    "reauthenticate": "feedback.people.sign_in.forms.ReauthenticateCodeForm",
    "activate_totp": "feedback.people.sign_in.forms.ActivateAppForm",
    "add_webauthn": "feedback.people.sign_in.forms.AddPasskeyForm",
}
# A department's own sign-in, by OpenID Connect: where its provider is, and as whom we ask it.
CONSULT_OIDC_URL: str = env.str("CONSULT_OIDC_URL", default="")
# What it is called on the sign-in page.
CONSULT_OIDC_NAME: str = env.str("CONSULT_OIDC_NAME", default="OpenID Connect")
# As the provider knows us.
CONSULT_OIDC_CLIENT_ID: str = env.str("CONSULT_OIDC_CLIENT_ID", default="")
# Between the provider and us.
CONSULT_OIDC_CLIENT_SECRET: str = env.str("CONSULT_OIDC_CLIENT_SECRET", default="")
SOCIALACCOUNT_ADAPTER = "feedback.people.sign_in.provider.ProviderAdapter"
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "department",
                "name": CONSULT_OIDC_NAME,
                "client_id": CONSULT_OIDC_CLIENT_ID,
                "secret": CONSULT_OIDC_CLIENT_SECRET,
                "settings": {"server_url": CONSULT_OIDC_URL},
            }
        ]
        if CONSULT_OIDC_URL
        else [],
    }
}
# The way there is a link: a form of ours may lead nowhere else (form-action).
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
# Not kept: nothing is asked of the provider once somebody is signed in.
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
ALLAUTH_TRUSTED_PROXY_COUNT = CONSULT_PROXIES
# The network somebody's IPv6 provider gives to one customer.
ALLAUTH_RATE_LIMIT_IPV6_PREFIX = 56

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# A link to set a new password, in seconds: long enough for a mail server that is slow.
PASSWORD_RESET_TIMEOUT = 2 * 60 * 60
# How long an invitation may be taken up.
CONSULT_INVITATION_DAYS: int = env.int("CONSULT_INVITATION_DAYS", default=7)
# From which hour of the day on people are written to about what waits for them.
CONSULT_DIGEST_HOUR: int = env.int("CONSULT_DIGEST_HOUR", default=7)
# Where that hour is.
CONSULT_DIGEST_TIME_ZONE: str = env.str("CONSULT_DIGEST_TIME_ZONE", default=TIME_ZONE)

# --- Email -----------------------------------------------------------------------------------

# smtp+tls://user:password@host:587, smtp+ssl://…, smtp://…; empty: emails wait, and nobody is
# offered what needs one. (A demo and tests write them elsewhere by `EMAIL_BACKEND`.)
EMAIL_URL: Final[str] = env.str("EMAIL_URL", default="")
# The same in Django's words.
_EMAIL: Final[dict[str, Any]] = env.email_url("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND: str = _EMAIL["EMAIL_BACKEND"]
EMAIL_HOST: str = _EMAIL.get("EMAIL_HOST") or "localhost"
EMAIL_PORT: int = _EMAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER: str = _EMAIL.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD: str = _EMAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS: bool = _EMAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL: bool = _EMAIL.get("EMAIL_USE_SSL", False)
# A mail server that hangs keeps a worker no longer than that.
EMAIL_TIMEOUT = 30
CONSULT_EMAIL_ENABLED = bool(EMAIL_URL)
# Who emails are from: an address whose bounces somebody reads.
DEFAULT_FROM_EMAIL: str = env.str(
    "CONSULT_EMAIL_FROM", default=f"consult@{urlsplit(CONSULT_BASE_URL).hostname or 'localhost'}"
)

# --- Cookies, headers ------------------------------------------------------------------------

# `__Host-` makes the browser refuse the cookie from a sibling domain or over http.
_COOKIE_PREFIX: Final = "__Host-" if SECURE else ""
SESSION_COOKIE_NAME = f"{_COOKIE_PREFIX}session"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# Eight hours from signing in, however busy: a working day.
SESSION_COOKIE_AGE = 8 * 60 * 60
CSRF_COOKIE_NAME = f"{_COOKIE_PREFIX}csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
# Names the device to those who signed in on it before (feedback/people/sign_in/devices.py).
CONSULT_DEVICE_COOKIE_NAME = f"{_COOKIE_PREFIX}device"
CSRF_FAILURE_VIEW = "consult.errors.csrf_failure"
LANGUAGE_COOKIE_NAME = f"{_COOKIE_PREFIX}language"
LANGUAGE_COOKIE_SECURE = SECURE
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60

SECURE_SSL_REDIRECT = SECURE
# A load balancer asks for health over plain http from inside.
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = False
# The browsers' preload list is for whole domains; their owner decides, not one site on them.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONSULT_BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Everywhere but in Wagtail's own admin: nothing inline, nothing from elsewhere.
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
# Wagtail's page editor and its date filters need inline scripts and styles; previews are framed
# by the editor itself. What citizens wrote is never shown there, but in our own staff views.
CSP_WAGTAIL_ADMIN: dict[str, list[str]] = {
    "default-src": [NONE],
    "script-src": [SELF, UNSAFE_INLINE, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF, "data:"],
    "connect-src": [SELF],
    "frame-src": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
    "base-uri": [NONE],
}
# Where Wagtail's admin is mounted; urls.py and the policy above read it.
CMS_PATH: Final = "cms/"

# --- What may be sent ------------------------------------------------------------------------

# A form's whole body without files. Above it: our own page, which says so, with status 413.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
# Larger uploads (staff only) go through a temporary file.
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

# --- Files -----------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_FINDERS = ["consult.static_files.Finder"]
MEDIA_URL = "/media/"
# What authors upload. In the demo, `var/demo/media`.
MEDIA_ROOT = Path(env.str("CONSULT_MEDIA_DIR", default=str(DATA_DIR / "media")))
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "consult.static_files.StaticFiles"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# True when no proxy in front serves /media/ (as in the demo).
CONSULT_SERVE_MEDIA: bool = env.bool("CONSULT_SERVE_MEDIA", default=False)

# --- Work in the background ------------------------------------------------------------------

# Valkey, Redis or RabbitMQ. Without one, messages stay in the process (tests).
BROKER_URL: Final[str] = env.str("BROKER_URL", default="memory://")
CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {
        # Longer than the longest task, or a running one is handed out a second time.
        "visibility_timeout": 3 * 60 * 60,
        "socket_connect_timeout": 2,
        "socket_timeout": 10,
        "socket_keepalive": True,
    }
    if BROKER_URL.startswith(("redis", "valkey"))
    else {}
)
# Messages carry ids, as JSON, and nothing comes back: rows in PostgreSQL are the truth.
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
# A message is done when its work is, also when the process that did it was killed.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Processes of one worker; each may hold a whole corpus in memory.
CELERY_WORKER_CONCURRENCY: int = env.int("CONSULT_WORKER_CONCURRENCY", default=2)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
# MiB of memory one worker process may ask for; what needs more fails, and nothing else with it.
# A million answers take less than 3 GiB. 0: no limit.
CONSULT_WORKER_MEMORY: int = env.int("CONSULT_WORKER_MEMORY", default=4096)
# A process that has grown is replaced after its task, to give back what Python keeps.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = CONSULT_WORKER_MEMORY * 1024 // 2 or None
# A task is told to stop, then stopped.
CELERY_TASK_SOFT_TIME_LIMIT = 2 * 60 * 60
CELERY_TASK_TIME_LIMIT = 2 * 60 * 60 + 300
CELERY_TIMEZONE = TIME_ZONE
# Beat, in code: what must happen by itself, and how often in seconds. Each entry expires when
# the next is due, so that a worker that was away does not meet a queue of stale ticks.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    name: {"task": name, "schedule": seconds, "options": {"expires": seconds}}
    for name, seconds in {
        "feedback.outbox.tasks.outbox_relay": 5.0,
        "feedback.outbox.tasks.outbox_purge": 3600.0,
        "feedback.outbox.tasks.emails_send_due": 60.0,
        "feedback.people.tasks.sessions_purge": 3600.0,
        "feedback.people.tasks.digests_queue": 300.0,
        "feedback.audit.tasks.audit_chain": 10.0,
        "analysis.review.tasks.runs_reap": 30.0,
        "analysis.review.tasks.questionnaires_closed_analyse": 300.0,
        "analysis.review.tasks.questions_answered_add": 300.0,
        "analysis.review.tasks.vectors_purge": 3600.0,
        "cms.publishing.tasks.publish_scheduled": 60.0,
    }.items()
}

# Threads of the numeric libraries in each worker process. Above the cores there are, they wait
# for each other: 4 threads on 2 cores were measured 15 times slower than 1.
CONSULT_BLAS_THREADS: int = env.int("CONSULT_BLAS_THREADS", default=1)

# How texts become vectors: a name that analysis.pipeline knows, or a folder on each
# worker. Vectors of two embedders are never compared; changing it starts a new series of runs.
CONSULT_EMBEDDER: str = env.str("CONSULT_EMBEDDER", default="use-multilingual-v3")
# A second one beside it, by the same names, where themes are made of answers in one language.
# Empty: none.
CONSULT_SECOND_EMBEDDER: str = env.str("CONSULT_SECOND_EMBEDDER", default="")
# What it counts for, from 0 to 1. At 0.7 short answers on a narrow subject gain more, others lose.
CONSULT_SECOND_SHARE: float = env.float("CONSULT_SECOND_SHARE", default=0.5)
# A generative model of the department's own that may propose names of themes: an OpenAI-compatible
# address, on this machine or over https. Empty: none is asked, and nothing is sent.
CONSULT_NAMER_URL: str = env.str("CONSULT_NAMER_URL", default="")
# What the server there calls the model.
CONSULT_NAMER_MODEL: str = env.str("CONSULT_NAMER_MODEL", default="")
# The key it wants, if any; sent to that address alone.
CONSULT_NAMER_KEY: str = env.str("CONSULT_NAMER_KEY", default="")
# The longest one answer may take; ten times as long is the longest a run waits for it.
CONSULT_NAMER_SECONDS: int = env.int("CONSULT_NAMER_SECONDS", default=30)
# Texts of one chunk of a run that is shared out. A killed worker costs at most its chunk, a second
# or two of work.
CONSULT_CHUNK_TEXTS: int = env.int("CONSULT_CHUNK_TEXTS", default=1000)
# The longest a chunk may take: long enough for a model forty times slower than the default one.
CONSULT_CHUNK_SECONDS: int = env.int("CONSULT_CHUNK_SECONDS", default=120)
# How long the vector of a text is kept after the last run that used it.
CONSULT_VECTOR_DAYS: int = env.int("CONSULT_VECTOR_DAYS", default=14)

# --- Consultations ---------------------------------------------------------------------------

# How long after closing a person who had the form open before may still send it.
CONSULT_GRACE_MINUTES: int = env.int("CONSULT_GRACE_MINUTES", default=30)
# How many days after closing an outcome that is not published, and themes nobody has decided on,
# are called late on the home of staff.
CONSULT_LATE_DAYS: int = env.int("CONSULT_LATE_DAYS", default=30)
# How long a message of the outbox (ids, never words) stays to be looked at once it was handed over.
CONSULT_OUTBOX_DAYS: int = env.int("CONSULT_OUTBOX_DAYS", default=7)

# --- Logs ------------------------------------------------------------------------------------

# One JSON object a line, on stderr; no addresses, no bodies, no query strings (consult/logs.py).
LOGGING = logging_config(
    level=env.str("CONSULT_LOG_LEVEL", default="INFO"),
    # False prints lines for people instead of JSON.
    as_json=env.bool("CONSULT_LOG_JSON", default=True),
)
# Django's own set-up would mail errors, with request bodies in them, to ADMINS.
ADMINS: list[tuple[str, str]] = []
