"""Checks of single fields of resources that go beyond types: URLs, ids, lifetimes."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import SplitResult, urlsplit

from mockidp.protocol.errors.nearest import nearest
from mockidp.protocol.oauth import grant_types
from mockidp.protocol.urls.rules import (
    ANY_FILE,
    TEST_PAGE,
    is_well_placed,
    mistake_in_entry,
    runs_script,
)
from mockidp.resources.rules import Check, Expected

MAX_API_TOKEN = 2592000
MAX_LIFETIME = 31557600
_ANY_URL = "an absolute URL such as http://localhost:3000/callback"
_BRACES = (
    "a placeholder without * in the host of an http(s) URL, an organization's as the whole first "
    "label, such as https://{organization_name}.example.com"
)
_PLACEHOLDER = (
    "one * in the first label of an http(s) host of three or more labels, such as "
    "https://app-*.example.com"
)
_NO_SCRIPT = Expected("a URL that a browser visits, not one that it executes")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/[^\s\\]*")
_APP_TYPES = (
    "native", "spa", "regular_web", "non_interactive", "resource_server",
    "express_configuration", "rms", "box", "cloudbees", "concur", "dropbox", "mscrm",
    "echosign", "egnyte", "newrelic", "office365", "salesforce", "sentry", "sharepoint",
    "slack", "springcm", "zendesk", "zoom", "sso_integration", "oag",
)  # fmt: skip
_GRANT_TYPES = (
    *grant_types.DEFAULT_GRANT_TYPES,
    grant_types.PASSWORD,
    grant_types.PASSWORD_REALM,
    grant_types.PASSWORDLESS_OTP,
    grant_types.WEBAUTHN,
)
_LEGACY_PREFIX = "http://auth0.com/oauth/legacy/"


def check_url(url: str) -> Expected | None:
    """Check an entry of a URL list: an absolute URL, with `*` only where Auth0 evaluates it."""
    wrong = _mistake_in_url(url)
    never_matches = url.startswith(("http://", "https://")) and ("*" in url or "{" in url)
    return wrong._replace(is_kept=True) if wrong and never_matches else wrong


def _mistake_in_url(url: str) -> Expected | None:
    split = split_url(url)
    if split is None or (split.scheme in ("http", "https") and not split.hostname):
        return with_mistake(url, _ANY_URL)
    if runs_script(url):
        return _NO_SCRIPT
    if "," in split.netloc:
        return Expected("one URL in each entry of the list")
    return None if is_well_placed(url) else Expected(_BRACES if "{" in url else _PLACEHOLDER)


def check_client_url(url: str) -> Expected | None:
    """Check a callback or logout URL of a client: as a URL, or the page of the test client."""
    return None if url == TEST_PAGE else check_url(url)


def check_web_url(url: str) -> Expected | None:
    """Check a redirect target: an http(s) URL, or an empty string."""
    split = split_url(url)
    is_web = split is not None and split.scheme in ("http", "https") and bool(split.hostname)
    return None if is_web or not url else with_mistake(url, "an http or https URL")


def check_origin(origin: str) -> Expected | None:
    """Check an entry of a list of origins: as a URL, or `file://*` for the apps of Cordova."""
    return None if origin == ANY_FILE else check_url(origin)


def check_user_id(user_id: str) -> Expected | None:
    """Check that a user's id begins with the strategy of a connection."""
    before, _, after = user_id.partition("|")
    return None if before and after else Expected("the full id, such as auth0|alice")


def check_email(email: str) -> Expected | None:
    """Check the form of an e-mail address."""
    return None if re.fullmatch(r"[^@\s]+@[^@\s]+", email) else Expected("an e-mail address")


def check_organization_name(name: str) -> Expected | None:
    """Check the name of an organization, which is a part of URLs in Auth0."""
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,49}", name):
        return None
    return Expected("lower-case letters, digits, - and _, at most 50, and a letter or digit first")


def check_time(text: str) -> Expected | None:
    """Check that a string is a time with a time zone."""
    try:
        is_time = datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        is_time = False
    return None if is_time else Expected("a time such as 2030-01-31T12:00:00Z")


def check_not_empty(text: str) -> Expected | None:
    """Check that a string is not blank."""
    return None if text.strip() else Expected("a non-empty string")


def check_app_type(app_type: str) -> Expected | None:
    """Check that Auth0 has such a type of application."""
    if app_type in _APP_TYPES:
        return None
    return Expected("one of " + ", ".join(_APP_TYPES[:4]), nearest(app_type, _APP_TYPES))


def check_grant_type(grant_type: str) -> Expected | None:
    """Check that a grant type is a known name or an extension's URI (RFC 6749 4.5)."""
    if grant_type.startswith(_LEGACY_PREFIX) and grant_type not in grant_types.LEGACY:
        return Expected("a legacy grant type", nearest(grant_type, grant_types.LEGACY))
    if grant_type in _GRANT_TYPES or ":" in grant_type:
        return None
    return Expected("a grant type or its URI", nearest(grant_type, _GRANT_TYPES))


def check_number(least: float, most: float) -> Check:
    """Return a check that a number is within bounds, both included."""

    def check(number: float) -> Expected | None:
        return None if least <= number <= most else Expected(f"a number from {least} to {most}")

    return check


def split_url(url: str) -> SplitResult | None:
    """Return the parts of an absolute URL; None if it is not one."""
    if not _ABSOLUTE.fullmatch(url) or mistake_in_entry(url):
        return None
    try:
        split = urlsplit(url)
        split.port  # noqa: B018 - reading it is what validates it
    except ValueError:
        return None
    return split


def with_mistake(url: str, expected: str) -> Expected:
    """Add the mistake in a URL's host or port, if there is one, to the expectation."""
    mistake = mistake_in_entry(url)
    return Expected(f"{expected}{f'; {mistake}' if mistake else ''}")
