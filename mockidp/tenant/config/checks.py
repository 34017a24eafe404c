"""The rules for records of a tenant file that go beyond types: URLs, lifetimes, ids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

from mockidp.codec.rules import Check, Expected, Misfit, Rules
from mockidp.faults.fault import Fault
from mockidp.faults.rules import mistakes_in
from mockidp.faults.vocabulary import PLACES
from mockidp.hosts import is_address as is_ip
from mockidp.protocol import grant_types
from mockidp.protocol.attack_protection import BruteForceProtection, is_address
from mockidp.protocol.custom_claim import CustomClaim
from mockidp.protocol.nearest import nearest
from mockidp.protocol.oauth_error import CODES
from mockidp.protocol.origin import split_host
from mockidp.protocol.url_rules import (
    ANY_FILE,
    TEST_PAGE,
    is_well_placed,
    mistake_in_entry,
    runs_script,
)
from mockidp.resources.client import Client, JwtConfiguration, RefreshTokenPolicy
from mockidp.resources.client_grant import ClientGrant
from mockidp.resources.connection import Connection
from mockidp.resources.organization import Organization
from mockidp.resources.resource_server import ApiScope, ResourceServer
from mockidp.resources.role import Role
from mockidp.resources.user import User
from mockidp.tenant.config.claim_rules import (
    check_claim_name,
    check_claim_path,
    check_claim_value,
    mistakes_in_claim,
)
from mockidp.tenant.settings import ImpersonationSettings, Settings
from mockidp.tenant.tenant_settings import CustomPage, ErrorPage, TenantSettings

MAX_API_TOKEN = 2592000
MAX_LIFETIME = 31557600
HOURS_IN_A_YEAR = 8760
MAX_WAIT = 86400
MAX_TIMES = 1_000_000_000

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
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_APP_TYPES = (
    "native", "spa", "regular_web", "non_interactive", "resource_server",
    "express_configuration", "rms", "box", "cloudbees", "concur", "dropbox", "mscrm",
    "echosign", "egnyte", "newrelic", "office365", "salesforce", "sentry", "sharepoint",
    "slack", "springcm", "zendesk", "zoom", "sso_integration", "oag",
)  # fmt: skip
_GRANT_TYPES = (*grant_types.DEFAULT_GRANT_TYPES, grant_types.PASSWORD, grant_types.PASSWORD_REALM)


def check_url(url: str) -> Expected | None:
    """Check an entry of a URL list: an absolute URL, with `*` only where Auth0 evaluates it."""
    wrong = _mistake_in_url(url)
    never_matches = url.startswith(("http://", "https://")) and ("*" in url or "{" in url)
    return wrong._replace(is_kept=True) if wrong and never_matches else wrong


def _mistake_in_url(url: str) -> Expected | None:
    split = _split(url)
    if split is None or (split.scheme in ("http", "https") and not split.hostname):
        return _with_mistake(url, _ANY_URL)
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
    split = _split(url)
    is_web = split is not None and split.scheme in ("http", "https") and bool(split.hostname)
    return None if is_web or not url else _with_mistake(url, "an http or https URL")


def check_origin(origin: str) -> Expected | None:
    """Check an entry of a list of origins: as a URL, or `file://*` for the apps of Cordova."""
    return None if origin == ANY_FILE else check_url(origin)


def check_issuer(url: str) -> Expected | None:
    """Check an issuer: http(s), without query or fragment, and never a real Auth0 domain."""
    split = _split(url)
    if split is None or split.scheme not in ("http", "https") or not split.hostname:
        return _with_mistake(url, "an http or https URL such as http://localhost:9400/")
    if split.query or split.fragment:
        return Expected("a URL without query and fragment (OpenID Connect Core 2)")
    if f".{split.hostname}".endswith(".auth0.com"):
        return Expected("a host of your own: a mock must never be mistaken for the real thing")
    return None


def check_host(host: str) -> Expected | None:
    """Check a host name."""
    split = split_host(host)
    is_host = split is not None and not split[1] and (is_ip(host) or not host.startswith("["))
    return None if is_host else Expected("a host name such as idp.example.com")


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
    if grant_type in _GRANT_TYPES or ":" in grant_type:
        return None
    return Expected("a grant type or its URI", nearest(grant_type, _GRANT_TYPES))


def check_place(endpoint: str) -> Expected | None:
    """Check that faults exist for an endpoint."""
    return _check_word(endpoint, PLACES)


def check_error_code(code: str) -> Expected | None:
    """Check that Auth0 has such an error code."""
    return _check_word(code, CODES)


def _check_word(word: str, known: Iterable[str]) -> Expected | None:
    words = tuple(known)
    return None if word in words else Expected("one of " + ", ".join(words), nearest(word, words))


def check_header_value(text: str) -> Expected | None:
    """Check that a string can be the value of a header field."""
    return None if text.isprintable() and text.isascii() else Expected("printable ASCII")


def check_header_fields(fields: Mapping[str, Any]) -> Expected | None:
    """Check the names and values of header fields (RFC 9110 5.1)."""
    for name, value in fields.items():
        if not _TOKEN.fullmatch(name):
            return Expected(f"names of header fields, which {name!r} cannot be")
        if check_header_value(value):
            return Expected(f"printable ASCII as values, unlike the value of {name}")
    return None


def check_number(least: float, most: float) -> Check:
    """Return a check that a number is within bounds, both included."""

    def check(number: float) -> Expected | None:
        return None if least <= number <= most else Expected(f"a number from {least} to {most}")

    return check


def check_address(address: str) -> Expected | None:
    """Check an IP address or a network."""
    is_good = is_address(address)
    return None if is_good else Expected("an IP address, or a network such as 10.0.0.0/8")


def _split(url: str) -> SplitResult | None:
    if not _ABSOLUTE.fullmatch(url) or mistake_in_entry(url):
        return None
    try:
        split = urlsplit(url)
        split.port  # noqa: B018 - reading it is what validates it
    except ValueError:
        return None
    return split


def _with_mistake(url: str, expected: str) -> Expected:
    """Add the mistake in a URL's host or port, if there is one, to the expectation."""
    mistake = mistake_in_entry(url)
    return Expected(f"{expected}{f'; {mistake}' if mistake else ''}")


_lifetime = check_number(1, MAX_LIFETIME)
_api_lifetime = check_number(0, MAX_API_TOKEN)
_session_hours = check_number(0, HOURS_IN_A_YEAR)

_FIELDS: Mapping[tuple[type, str], Check] = {
    (Client, "client_id"): check_not_empty,
    (Client, "app_type"): check_app_type,
    (Client, "grant_types"): check_grant_type,
    (Client, "callbacks"): check_client_url,
    (Client, "allowed_logout_urls"): check_client_url,
    (Client, "allowed_origins"): check_origin,
    (Client, "web_origins"): check_origin,
    (Client, "initiate_login_uri"): check_web_url,
    (JwtConfiguration, "lifetime_in_seconds"): check_number(0, MAX_LIFETIME),
    (RefreshTokenPolicy, "leeway"): check_number(0, MAX_LIFETIME),
    (RefreshTokenPolicy, "token_lifetime"): _lifetime,
    (RefreshTokenPolicy, "idle_token_lifetime"): _lifetime,
    (ResourceServer, "identifier"): check_not_empty,
    (ResourceServer, "token_lifetime"): _api_lifetime,
    (ResourceServer, "token_lifetime_for_web"): _api_lifetime,
    (ApiScope, "value"): check_not_empty,
    (Connection, "name"): check_not_empty,
    (BruteForceProtection, "allowlist"): check_address,
    (BruteForceProtection, "max_attempts"): check_number(1, 100),
    (Role, "name"): check_not_empty,
    (Organization, "name"): check_organization_name,
    (User, "user_id"): check_user_id,
    (User, "email"): check_email,
    (TenantSettings, "allowed_logout_urls"): check_url,
    (TenantSettings, "default_redirection_uri"): check_web_url,
    (ErrorPage, "url"): check_web_url,
    (CustomPage, "url"): check_web_url,
    (TenantSettings, "session_lifetime"): _session_hours,
    (TenantSettings, "idle_session_lifetime"): _session_hours,
    (Settings, "issuer"): check_issuer,
    (Settings, "browser_url"): check_issuer,
    (Settings, "hosts"): check_host,
    (Settings, "authorization_code_lifetime"): _lifetime,
    (Settings, "login_lifetime"): _lifetime,
    (Settings, "unknown_client_status"): check_number(400, 599),
    (CustomClaim, "claim"): check_claim_name,
    (CustomClaim, "path"): check_claim_path,
    (CustomClaim, "value"): check_claim_value,
    (CustomClaim, "scope"): check_not_empty,
    (Fault, "endpoint"): check_place,
    (Fault, "times"): check_number(1, MAX_TIMES),
    (Fault, "after"): check_number(0, MAX_TIMES),
    (Fault, "probability"): check_number(0, 1),
    (Fault, "delay"): check_number(0, MAX_WAIT),
    (Fault, "status"): check_number(200, 599),
    (Fault, "headers"): check_header_fields,
    (Fault, "content_type"): check_header_value,
    (Fault, "truncate"): check_number(0, MAX_TIMES),
    (Fault, "drip"): check_number(0, MAX_WAIT),
    (Fault, "error"): check_error_code,
    (ImpersonationSettings, "ttl"): _lifetime,
    (ImpersonationSettings, "key"): check_not_empty,
    (ImpersonationSettings, "key_id"): check_not_empty,
}


def _check_record(record: object) -> Iterator[Misfit]:
    """Yield the contradictions between the fields of a record."""
    if isinstance(record, Fault):
        yield from mistakes_in(record)
    elif isinstance(record, ClientGrant) and not (record.client_id or record.default_for):
        yield Misfit("client_id", found="nothing", expected="a value: client_id is required")
    elif isinstance(record, Client):
        try:
            record.signing_secret  # noqa: B018 - reading it is what decodes it
        except ValueError:
            yield Misfit(
                "client_secret",
                found="a string that is not base64",
                expected="base64 or base64url, because jwt_configuration.secret_encoded is true",
            )
    elif isinstance(record, ResourceServer):
        if record.signing_alg == "HS256" and not record.signing_secret:
            yield Misfit(
                "signing_alg",
                found="HS256 without a signing_secret",
                expected="a signing_secret as well",
            )
    elif isinstance(record, CustomClaim):
        yield from mistakes_in_claim(record)


RULES = Rules(_FIELDS, _check_record)
"""The rules of all records in a tenant file."""
