"""The rules for records of a tenant file that go beyond types: URLs, lifetimes, ids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from mockidp.faults.fault import Fault
from mockidp.faults.vocabulary import PLACES
from mockidp.hosts import is_address as is_ip
from mockidp.protocol.errors.error_codes import CODES
from mockidp.protocol.errors.nearest import nearest
from mockidp.protocol.login.attack_protection import BruteForceProtection, is_address
from mockidp.protocol.login.identity_provider import IdentityProvider
from mockidp.protocol.oauth.user_code import PLACEHOLDER
from mockidp.protocol.tokens.custom_claim import CustomClaim
from mockidp.protocol.tokens.token_exchange import SubjectToken
from mockidp.protocol.urls.origin import split_host
from mockidp.resources.checks import (
    MAX_LIFETIME,
    check_not_empty,
    check_number,
    check_url,
    check_web_url,
    split_url,
    with_mistake,
)
from mockidp.resources.client_credential import check_certificate, check_pem
from mockidp.resources.mfa_factor import MfaFactor, mistakes_in_factor
from mockidp.resources.password_hash import PasswordHash
from mockidp.resources.registry import TYPES
from mockidp.resources.rules import Check, Expected, Misfit, Rules
from mockidp.tenant.config.claim_rules import (
    check_claim_name,
    check_claim_path,
    check_claim_value,
    mistakes_in_claim,
)
from mockidp.tenant.config.subject_token_rules import check_actor, mistakes_in_subject_token
from mockidp.tenant.content.settings import ImpersonationSettings, Settings
from mockidp.tenant.content.tenant_settings import CustomPage, DeviceFlow, ErrorPage, TenantSettings

HOURS_IN_A_YEAR = 8760
MAX_WAIT = 86400
MAX_CAPACITY = 10_000_000
MAX_TIMES = 1_000_000_000

_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_MASK = re.compile(r"[* -]{1,20}")
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


def check_issuer(url: str) -> Expected | None:
    """Check an issuer: http(s), without query or fragment, and never a real Auth0 domain."""
    split = split_url(url)
    if split is None or split.scheme not in ("http", "https") or not split.hostname:
        return with_mistake(url, "an http or https URL such as http://localhost:9400/")
    if split.query or split.fragment:
        return Expected("a URL without query and fragment (OpenID Connect Core 2)")
    if f".{split.hostname}".endswith(".auth0.com"):
        return Expected("a host outside auth0.com: a mock must not pass for a real tenant")
    return None


def check_host(host: str) -> Expected | None:
    """Check a host name."""
    split = split_host(host)
    is_host = split is not None and not split[1] and (is_ip(host) or not host.startswith("["))
    return None if is_host else Expected("a host name such as idp.example.com")


def check_locale(locale: str) -> Expected | None:
    """Check the tag of a language (RFC 5646)."""
    return None if _LOCALE.fullmatch(locale) else Expected("a language such as de or pt-BR")


def check_place(endpoint: str) -> Expected | None:
    """Check that an endpoint can have faults."""
    return _check_word(endpoint, PLACES)


def check_error_code(code: str) -> Expected | None:
    """Check that Auth0 uses an error code."""
    from mockidp.faults.endpoint_errors import ENDPOINT_ERRORS  # noqa: PLC0415 - few files have faults

    return _check_word(code, (*CODES, *ENDPOINT_ERRORS))


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
            return Expected(f"valid names of header fields, unlike {name!r}")
        if check_header_value(value):
            return Expected(f"printable ASCII as values, unlike the value of {name}")
    return None


def check_address(address: str) -> Expected | None:
    """Check an IP address or a network."""
    is_valid = is_address(address)
    return None if is_valid else Expected("an IP address, or a network such as 10.0.0.0/8")


def check_mask(mask: str) -> Expected | None:
    """Check the mask of a device's user codes."""
    is_valid = _MASK.fullmatch(mask) and PLACEHOLDER in mask
    return None if is_valid else Expected("at most 20 of `*`, `-` and space, with a `*`")


_lifetime = check_number(1, MAX_LIFETIME)
_session_hours = check_number(0, HOURS_IN_A_YEAR)

_FIELDS: Mapping[tuple[type, str], Check] = {
    (BruteForceProtection, "allowlist"): check_address,
    (BruteForceProtection, "max_attempts"): check_number(1, 100),
    (TenantSettings, "allowed_logout_urls"): check_url,
    (TenantSettings, "default_redirection_uri"): check_web_url,
    (ErrorPage, "url"): check_web_url,
    (CustomPage, "url"): check_web_url,
    (TenantSettings, "enabled_locales"): check_locale,
    (DeviceFlow, "mask"): check_mask,
    (TenantSettings, "session_lifetime"): _session_hours,
    (TenantSettings, "idle_session_lifetime"): _session_hours,
    (Settings, "issuer"): check_issuer,
    (Settings, "browser_url"): check_issuer,
    (Settings, "hosts"): check_host,
    (Settings, "backchannel_hosts"): check_host,
    (Settings, "client_ca"): check_certificate,
    (Settings, "authorization_code_lifetime"): _lifetime,
    (Settings, "login_lifetime"): _lifetime,
    (Settings, "capacity"): check_number(1, MAX_CAPACITY),
    (Settings, "unknown_client_status"): check_number(400, 599),
    (CustomClaim, "claim"): check_claim_name,
    (CustomClaim, "path"): check_claim_path,
    (CustomClaim, "value"): check_claim_value,
    (CustomClaim, "scope"): check_not_empty,
    (SubjectToken, "key"): check_pem,
    (IdentityProvider, "key"): check_pem,
    (IdentityProvider, "issuer"): check_not_empty,
    (SubjectToken, "token"): check_not_empty,
    (SubjectToken, "user_claim"): check_not_empty,
    (SubjectToken, "error"): check_not_empty,
    (SubjectToken, "actor"): check_actor,
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
        from mockidp.faults.rules import mistakes_in  # noqa: PLC0415 - few files have faults

        yield from mistakes_in(record)
    elif isinstance(record, CustomClaim):
        yield from mistakes_in_claim(record)
    elif isinstance(record, SubjectToken):
        yield from mistakes_in_subject_token(record)
    elif isinstance(record, MfaFactor):
        yield from mistakes_in_factor(record)
    elif isinstance(record, PasswordHash):
        from mockidp.protocol.passwords.hash_rules import mistakes_in_hash  # noqa: PLC0415 - rarely used

        yield from mistakes_in_hash(record)


@cache
def rules() -> Rules:
    """Return the rules of all records in a tenant file, including those of resource types."""
    of_types = {kind.record: kind.check_record for kind in TYPES if kind.check_record}

    def check_record(record: object) -> Iterable[Misfit]:
        check = of_types.get(type(record))
        return check(record) if check else _check_record(record)

    fields = {one: check for kind in TYPES for one, check in kind.checks.items()}
    return Rules({**_FIELDS, **fields}, check_record)
