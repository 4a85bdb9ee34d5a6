"""Django wiring that every environment shares. No secrets and no business numbers."""

from pathlib import Path

import structlog
from django.utils.translation import gettext_lazy as _
from environs import FileAwareEnv

from portal.settings import documents, outside, people, sealing
from portal.settings.people import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parents[2]
env = FileAwareEnv()  # NAME_FILE instead of NAME names a file that holds the value

# --- Applications ---------------------------------------------------------------------------
ROOMS = [
    "portal.shared",
    "portal.accounts",
    "portal.catalogue",
    "portal.workdays",
    "portal.ledger",
    "portal.http",
    "portal.connectors",
    "portal.sealing",
    "portal.documents",
    "portal.notifications",
    "portal.entrance",
    "portal.deadlines",
    "portal.publicity",
    "portal.integrity",
    "portal.redress",
    "applications",
    "review",
    "certificates",
    "portal.cockpit",
    "portal.web",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "pgtrigger",
    "rules",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    *ROOMS,
]

# --- Requests -------------------------------------------------------------------------------
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Django adds random bytes to each compressed page and masks its tokens, so that sizes betray nothing (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.http.middleware.ActorMiddleware",
    "portal.entrance.middleware.StaffSessionMiddleware",
    "portal.entrance.middleware.SecondFactorMiddleware",
    "portal.http.middleware.AccessMiddleware",
    "portal.http.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
ASGI_APPLICATION = "portal.asgi.application"

# --- Templates and forms --------------------------------------------------------------------
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
                "portal.web.context.page",
            ],
            "builtins": ["portal.http.templatetags.portal"],
        },
    },
    {
        # Letters are plain text: nothing is escaped, and a value that is not there betrays itself.
        "NAME": "letters",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "autoescape": False,
            "string_if_invalid": "\x00",
            "builtins": ["portal.notifications.templatetags.letters"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
FORMAT_MODULE_PATH = ["portal.formats"]

# --- Database -------------------------------------------------------------------------------
# Whether the proxy in front stamps when it took a request, and removes what callers sent under that name.
PROXY_STAMPS_ARRIVAL = env.bool("PROXY_STAMPS_ARRIVAL", default=False)

DATABASES = {"default": env.dj_db_url("DATABASE_URL", conn_max_age=60)}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# A file comes with the dozen of rows around it in one statement whose first tables are those that are asked about.
# Weighing every order of eight tables took PostgreSQL longer than fetching: 10 ms with sixteen joins, 5 ms like this.
DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c join_collapse_limit=4"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache and queue ------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
}
SESSION_ENGINE = "portal.entrance.sessions"
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "retry_on_timeout": True,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- People ---------------------------------------------------------------------------------
SOCIALACCOUNT_PROVIDERS = people.identity_services(env)
IDENTITY_CLAIMS = people.identity_claims(env)

# --- Secrets of people ----------------------------------------------------------------------
# Keys of encrypted columns as "id:base64 of 32 bytes": the first writes, all read. The index key is never rotated.
FIELD_KEYS: list[str] = env.list("FIELD_KEYS", default=[])
FIELD_INDEX_KEY = env.str("FIELD_INDEX_KEY", default="")

# --- Language and time ----------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
DEMO_CLOCK = False

# --- Files ----------------------------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [(part, BASE_DIR / "static" / part) for part in ("css", "img", "js")]
STATIC_ROOT = BASE_DIR / "collected"

# Fonts that draw names on certificates; a name that none of them can draw is shown to its owner in time.
FONT_DIRS = [BASE_DIR / "static" / "fonts", *map(Path, env.list("FONT_DIRS", default=["/usr/share/fonts"]))]

# --- Browser security -----------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {name: [] for name in ("camera", "microphone", "geolocation", "usb")}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.web.views.errors.forged"

# --- API ------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["portal.http.declared.DeclaredAccess"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["portal.http.bodies.BoundedJSON"],
    "DEFAULT_SCHEMA_CLASS": "portal.http.schema.PortalSchema",
    "DEFAULT_PAGINATION_CLASS": "portal.http.declared.Pages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "EXCEPTION_HANDLER": "portal.http.drf.problem",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "北京市职称申报评审服务平台 API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "ApplicationState": "applications.enums.ApplicationState",
        "RecommendationState": "applications.enums.RecommendationState",
        "LookupState": "applications.enums.LookupState",
        "Recommender": "applications.enums.Recommender",
        "System": "applications.enums.System",
        "ItemKind": "applications.sections.ItemKind",
        "EditionState": "portal.catalogue.enums.EditionState",
        "Role": "portal.accounts.roles.Role",
        "OrganisationKind": "portal.accounts.roles.OrganisationKind",
        "MembershipRequestState": "portal.entrance.enums.RequestState",
        "IntegrityRecordState": "portal.integrity.enums.RecordState",
        "IntegritySubjectRole": "portal.integrity.enums.SubjectRole",
        "GuideState": "portal.catalogue.enums.GuideState",
        "HolidayNoticeState": "portal.workdays.models.NoticeState",
        "IntegrityMeasure": "portal.integrity.enums.Measure",
        "IntegritySource": "portal.integrity.enums.Source",
        "PlatformEntryState": "portal.integrity.enums.EntryState",
        "LevelKey": "portal.catalogue.enums.LevelKey",
        "ScheduleKind": "portal.catalogue.enums.ScheduleKind",
        "ScheduleState": "portal.catalogue.enums.ScheduleState",
        "PolicyState": "portal.catalogue.enums.PolicyState",
        "AuthorityState": "portal.catalogue.enums.AuthorityState",
        "RecognitionState": "portal.catalogue.enums.RecognitionState",
        "Recogniser": "portal.catalogue.enums.Recogniser",
        "NoticeKind": "portal.publicity.enums.NoticeKind",
        "NoticeState": "portal.publicity.enums.NoticeState",
        "ObjectionState": "portal.publicity.enums.ObjectionState",
        "NotAdmittedGround": "portal.publicity.enums.NotAdmittedGround",
        "ReviewRequestState": "portal.redress.enums.RequestState",
        "ReviewRequestGround": "portal.redress.enums.NotAdmittedGround",
        "SealedPaper": "applications.enums.SealedPaper",
        "RefusalGround": "applications.enums.RefusalGround",
        "ReviewState": "review.enums.checking.ReviewState",
        "QueueHold": "review.enums.queueing.Held",
        "HoldEnum": "applications.enums.Hold",
        "QuotaState": "review.enums.quotas.QuotaState",
        "PaymentState": "review.enums.paying.PaymentState",
        "OrderState": "review.enums.paying.OrderState",
        "RefundState": "review.enums.paying.RefundState",
        "RefundGround": "review.enums.paying.RefundGround",
        "ReconciliationState": "review.enums.paying.ReconciliationState",
        "DifferenceKind": "review.enums.paying.DifferenceKind",
        "MoneyDirection": "review.enums.paying.Direction",
        "NoticeField": "portal.publicity.enums.Field",
        "DefenceState": "review.enums.defending.DefenceState",
        "TermState": "review.enums.pooling.TermState",
        "FilingState": "review.enums.filing.FilingState",
        "DefenceMode": "review.enums.defending.Mode",
        "AcceptanceState": "review.enums.accepting.AcceptanceState",
        "AcceptedCaseState": "review.enums.accepting.CaseState",
        "BallotMode": "review.enums.sitting.BallotMode",
        "SessionState": "review.enums.sitting.SessionState",
        "SessionMemberState": "review.enums.sitting.MemberState",
        "AgendaItemState": "review.enums.sitting.ItemState",
        "CertificateState": "certificates.enums.CertificateState",
        "CertificateCheckWay": "certificates.enums.CheckWay",
        "IssueOrderState": "certificates.enums.OrderState",
        "CertificateChangeKind": "certificates.enums.ChangeKind",
        "CertificateChangeState": "certificates.enums.ChangeState",
        "NationalPushState": "certificates.enums.PushState",
        "CertificateLogEvent": "certificates.domain.logging_events.LogEvent",
        "ChangeRequestKind": "review.enums.defending.RequestKind",
        "ChangeRequestState": "review.enums.defending.RequestState",
    },
}

# --- Logs -----------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": [
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso"),
            ],
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(),
            ],
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        name: {"level": "WARNING"} for name in ("httpx", "pikepdf", "weasyprint", "weasyprint.progress", "fontTools")
    },
}

# --- E-mail ---------------------------------------------------------------------------------
EMAIL_HOST = env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="portal@localhost")

# --- Who runs this portal -------------------------------------------------------------------
PORTAL_NAME = _("北京市职称申报评审服务平台")
PORTAL_OWNER = _("北京市人力资源和社会保障局")
HOTLINE = "12333"
# Where people reach the portal, with scheme and without a slash at the end: what the codes on certificates lead to.
PORTAL_ADDRESS = env.str("PORTAL_ADDRESS", default="http://127.0.0.1:8000")
SITE_FILINGS: list[str] = env.list("SITE_FILINGS", default=[])

# --- Ledger ---------------------------------------------------------------------------------
# Where each new root of the ledger is written; in production a path on another machine.
LEDGER_WITNESS = env.str("LEDGER_WITNESS", default="")

# --- Certificate log ------------------------------------------------------------------------
# The name of the log in everything that it signs: its address without the scheme, chosen once and never changed.
CERTIFICATE_LOG_ORIGIN = env.str("CERTIFICATE_LOG_ORIGIN", default="localhost/certificate-log")
# Where each signed head of the log is written; in production a path on another machine.
CERTIFICATE_LOG_WITNESS = env.str("CERTIFICATE_LOG_WITNESS", default="")

# --- Outside systems ------------------------------------------------------------------------
CONNECTORS = outside.from_environment(env)
CONNECTORS_CA_FILE = env.str("CONNECTORS_CA_FILE", default="")

# --- Seals ---------------------------------------------------------------------------------
SEALING = sealing.from_environment(env)

# --- Documents ------------------------------------------------------------------------------
STORAGES = documents.storages(env, BASE_DIR)
DOCUMENTS_PLACE_IS_CHOSEN = documents.place_is_chosen(env)
# Where clamd listens: tcp://host:3310 or unix:///run/clamav/clamd.ctl. Without it nothing from outside is ever shown,
# unless this installation says that it needs no scanner (demonstration and tests).
CLAMD_URL = env.str("CLAMD_URL", default="")
DOCUMENTS_WITHOUT_SCANNER = False
# The seal on certificates: an SVG of opaque lines and areas that fills a square. Without it the portal draws one itself, which
# shows where the seal stands; an office prints its own.
CERTIFICATE_SEAL = env.str("CERTIFICATE_SEAL", "")
# --- Publicity ------------------------------------------------------------------------------
# The public board as anybody reaches it; the availability probe reads it. Empty: no probe.
PUBLIC_BOARD_URL = env.str("PUBLIC_BOARD_URL", default="")
# --- Live screens ---------------------------------------------------------------------------
# How many event streams one process holds at most; each takes a thread, so leave most of them to pages. 0: polling only.
LIVE_STREAMS = env.int("LIVE_STREAMS", default=1)
