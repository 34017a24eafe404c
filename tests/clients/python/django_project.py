"""A Django project with mozilla-django-oidc and django-allauth.

Django can be configured once in a process, so both clients share the project. Tests override the
settings of their client.
"""

import django
from django.conf import settings
from django.core.management import call_command

VIEWS = f"{__package__}.django_views"
APPS = (
    *("django.contrib.auth", "django.contrib.contenttypes", "django.contrib.messages"),
    *("django.contrib.sessions", "mozilla_django_oidc"),
    *("allauth", "allauth.account", "allauth.socialaccount"),
    "allauth.socialaccount.providers.auth0",
    "allauth.socialaccount.providers.openid_connect",
)
MIDDLEWARE = (
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    f"{VIEWS}.keep_exceptions",
)


def configure(auth0_url, client):
    """Configure Django, with tables in memory. `auth0_url` is used on import."""
    templates = {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
    settings.configure(
        ACCOUNT_EMAIL_VERIFICATION="none",
        ALLOWED_HOSTS=["localhost"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=APPS,
        LOGGING_CONFIG=None,
        LOGIN_REDIRECT_URL="/",
        LOGIN_REDIRECT_URL_FAILURE="/failed",
        LOGOUT_REDIRECT_URL="/",
        MIDDLEWARE=MIDDLEWARE,
        MIGRATION_MODULES={app.rpartition(".")[2]: None for app in APPS},
        ROOT_URLCONF=VIEWS,
        SECRET_KEY="the secret of the project",
        SOCIALACCOUNT_ADAPTER=f"{VIEWS}.SocialAccountAdapter",
        SOCIALACCOUNT_LOGIN_ON_GET=True,
        SOCIALACCOUNT_PROVIDERS={"auth0": {"AUTH0_URL": auth0_url, "APP": client}},
        TEMPLATES=[templates],
        USE_TZ=True,
    )
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
