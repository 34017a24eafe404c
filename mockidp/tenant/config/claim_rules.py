"""The rules for `mockidp.claims`: names that Auth0 accepts, and valid paths."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

from mockidp.codec.shape import shape_of
from mockidp.protocol.errors.nearest import nearest
from mockidp.protocol.tokens.custom_claim import (
    EXTENSION,
    MAX_BYTES,
    REQUEST_PARAMETERS,
    RESERVED_DOMAINS,
    RESTRICTED,
    UNSET,
    CustomClaim,
    is_secret_parameter,
)
from mockidp.resources.client import Client
from mockidp.resources.rules import Expected, Misfit
from mockidp.resources.user import User

_PLAIN_PATH = re.compile(r"[\w.|-]+")
_NO_SECRET = Expected("a path to something that is not a secret")

ORGANIZATION_FIELDS = ("id", "name", "display_name", "branding", "metadata")
DOMAIN_FIELDS = ("domain", "domain_metadata")
_SECRETS = {
    "user": frozenset({"password"}),
    "client": frozenset({"client_secret", "encryption_key", "signing_keys"}),
    "organization": frozenset[str](),
    "custom_domain": frozenset[str](),
}  # fmt: skip
ROOTS = ("user", "client", "request", "organization", "custom_domain")
_ONLY = {"organization": ORGANIZATION_FIELDS, "custom_domain": DOMAIN_FIELDS}
"""The fields below a root, for the roots that show only some."""
_ABOUT_THE_CONNECTION = ("asn", "geoip", "hostname", "ip", "language", "method", "user_agent")
"""Fields of an Action's `event.request` other than the parameters."""


def check_claim_name(name: str) -> Expected | None:
    """Check that Auth0 lets an Action set the claim."""
    if not name.strip():
        return Expected("the name of a claim, such as https://acme.example/plan")
    if name in RESTRICTED:
        text = f"a claim that Auth0 does not restrict, such as https://acme.example/{name}"
        return Expected(text)
    if name == "urn:auth0" or name.startswith("urn:auth0:") or _is_reserved(name):
        return Expected(
            "a namespace of your own, such as https://acme.example/: Auth0 ignores claims in "
            "urn:auth0 and below " + ", ".join(RESERVED_DOMAINS)
        )
    return None


def _is_reserved(name: str) -> bool:
    try:
        split = urlsplit(name)
        host = split.hostname or ""
    except ValueError:
        return False
    return split.scheme in ("http", "https") and any(
        f".{host}".endswith(f".{domain}") for domain in RESERVED_DOMAINS
    )


def check_claim_path(path: str) -> Expected | None:
    """Check the root of a path and its first step; deeper steps are free-form data."""
    root, *steps = path.split(".")
    if root not in ROOTS:
        close = nearest(root, ROOTS) if _PLAIN_PATH.fullmatch(path) else None
        suggestion = ".".join((close, *steps)) if close else None
        text = f"a path that begins with {', '.join(ROOTS[:-1])} or {ROOTS[-1]}"
        return Expected(text, suggestion)
    if not steps or not all(steps):
        return Expected(f"a dotted path to a field, such as {root}.{_fields(root)[0]}")
    if root == "request":
        return _check_parameter(steps)
    first, *rest = steps
    if first in _SECRETS[root]:
        return _NO_SECRET
    if first in _fields(root):
        return None
    close = nearest(first, _fields(root))
    suggestion = ".".join((root, close, *rest)) if close else None
    return Expected(f"a field of Auth0's {root} after {root}.", suggestion)


def _check_parameter(steps: list[str]) -> Expected | None:
    """Check the name of a request parameter. Dots are part of the name."""
    name = ".".join(steps)
    if is_secret_parameter(name):
        return _NO_SECRET
    if name in REQUEST_PARAMETERS or name.startswith(EXTENSION):
        return None
    in_action = steps[0] in ("query", "body") and len(steps) > 1
    close = ".".join(steps[1:]) if in_action else nearest(name, REQUEST_PARAMETERS)
    if close or steps[0] in _ABOUT_THE_CONNECTION:
        suggestion = f"request.{close}" if close else None
        return Expected("a parameter of the request after request.", suggestion)
    return None


@cache
def _fields(root: str) -> tuple[str, ...]:
    """Return the first steps below a root, without secrets."""
    if root in _ONLY:
        return _ONLY[root]
    shape = shape_of(User if root == "user" else Client)
    known = dict.fromkeys((*shape.fields, *sorted(shape.kept)))
    return tuple(name for name in known if name not in _SECRETS[root])


def check_claim_value(value: Any) -> Expected | None:
    """Check that a value is JSON, and not larger than Auth0 accepts in a token."""
    if not _is_finite(value):
        return Expected("a JSON value: numbers must be finite")
    if len(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")) > MAX_BYTES:
        return Expected(f"at most {MAX_BYTES} bytes, as Auth0 limits custom claims in a token")
    return None


def _is_finite(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_is_finite, value.values()))
    if isinstance(value, list):
        return all(map(_is_finite, value))
    return not isinstance(value, float) or isfinite(value)


def mistakes_in_claim(claim: CustomClaim) -> Iterator[Misfit]:
    """Yield the contradictions between the fields of an entry."""
    if claim.path is not None and claim.value is not UNSET:
        yield Misfit("value", "value together with from", "one of the two")
    if claim.path is None and claim.value is UNSET:
        yield Misfit("from", "neither from nor value", "one of the two")
    if not claim.places:
        yield Misfit("in", "an empty list", "one or more of id_token, access_token, userinfo")
