"""The views of the Django project, and what keeps its exceptions. Needs the settings on import."""

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpResponse
from django.urls import include, path

exceptions = []
"""What the clients raised, in order."""


def keep_exceptions(get_response):
    """Keep the exceptions of views, which Django answers with 400 or 500."""

    def middleware(request):
        return get_response(request)

    middleware.process_exception = lambda _request, exception: exceptions.append(exception)
    return middleware


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Keeps the errors of django-allauth, which it answers with a page."""

    def on_authentication_error(self, *_, error=None, exception=None, **__):
        exceptions.append(exception or error)


def logout_url(_request):
    """Return the URL at the tenant to which mozilla-django-oidc redirects after its own logout."""
    return settings.LOGOUT_URL


def home(request):
    return HttpResponse(request.user.email if request.user.is_authenticated else "nobody")


urlpatterns = [
    path("", home),
    path("failed", home),
    path("welcome", home),
    path("oidc/", include("mozilla_django_oidc.urls")),
    path("accounts/", include("allauth.urls")),
]
