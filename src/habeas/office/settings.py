"""Django's settings of the office. What an operator may change is in habeas.toml, not here."""

from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from habeas.config import load
from habeas.lib import languages
from habeas.office import databases
from habeas.office.secret_key import read_secret_key

CONFIG = load()

SECRET_KEY = read_secret_key(CONFIG.keys)
DEBUG = False
ALLOWED_HOSTS = [urlsplit(CONFIG.office_url).hostname or "", CONFIG.office.host, "127.0.0.1", "localhost"]
CSRF_TRUSTED_ORIGINS = [CONFIG.office_url]
ROOT_URLCONF = "habeas.office.urls"
WSGI_APPLICATION = "habeas.office.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "habeas.office",
    "habeas.delivery",
    "habeas.campaigns",
    "habeas.cases",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "habeas.office.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": databases.of(CONFIG)}
# allauth counts failed logins in the cache: it has to outlive a restart and be shared by workers.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "office_cache"},
}
# Only the search index of the office's own pages: small, and staff expect to find what they just saved.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = WAGTAILADMIN_LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
ACCOUNT_ADAPTER = "habeas.office.accounts.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
MFA_ADAPTER = "habeas.office.accounts.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.office_url.startswith("https:")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SESSION_COOKIE_SECURE else 0
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail shows previews in a frame of its own

LANGUAGE_CODE = languages.DEFAULT
LANGUAGES = [(code, languages.language(code).name) for code in languages.AVAILABLE]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
# The public pages' own stylesheet, for previews.
STATICFILES_DIRS = [("campaigns", Path(__file__).parent.parent / "campaigns" / "public" / "assets")]
WHITENOISE_USE_FINDERS = (
    True  # serves each app's files where they lie: no collectstatic before the first start
)
WHITENOISE_AUTOREFRESH = False
MEDIA_ROOT = CONFIG.folder / "media"
MEDIA_URL = "/media/"

WAGTAIL_SITE_NAME = CONFIG.site.name
WAGTAILADMIN_BASE_URL = CONFIG.office_url
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = [(code, languages.english_name(code)) for code in CONFIG.site.languages]
# Otherwise an untranslated copy would go live the moment a translation is begun.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
# Nothing the office loads or asks for comes from elsewhere.
WAGTAIL_USER_TIME_ZONES = sorted(available_timezones() - {"localtime"})  # browsers know no "localtime"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILDOCS_SERVE_METHOD = "serve_view"

EMAIL_BACKEND = {
    "folder": "habeas.delivery.folder.FolderBackend",
    "smtp": "django.core.mail.backends.smtp.EmailBackend",
}[CONFIG.mail.transport]
EMAIL_HOST = CONFIG.mail.host
EMAIL_PORT = CONFIG.mail.port
EMAIL_HOST_USER = CONFIG.mail.user
EMAIL_HOST_PASSWORD = CONFIG.mail.password
EMAIL_USE_TLS = CONFIG.mail.security == "starttls"
EMAIL_USE_SSL = CONFIG.mail.security == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = CONFIG.mail.sender

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    # Requests are not logged: who reads which case is for the audit log, not for a text file.
    "loggers": {"django.request": {"level": "ERROR"}, "habeas": {"level": "INFO"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
