"""The errors in answers of a mock, and in the lack of one.

Spec: RFC 9457 for refusals.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from typing import Any

_NO_ENDPOINT = "not_found"
"""The error for an unknown path, which means that the URL is not a tenant's."""


def describe_unreachable(url: str, reason: object) -> str:
    """Return why there is no answer, and what to do."""
    if isinstance(reason, ssl.SSLCertVerificationError):
        return (
            f"the certificate of {url} is not trusted ({reason.verify_message}). Run "
            'where the mock was started: eval "$(mockidp env)"'
        )
    problem = "".join(char if char.isprintable() else " " for char in str(reason)).strip()
    if isinstance(reason, ssl.SSLError):
        return (
            f"the server at {url} does not speak https ({problem}). If it speaks http, use http://"
        )
    return f"no mockidp answers at {url} ({problem}). Start one: mockidp serve"


def refusal_text(body: Mapping[str, Any]) -> str:
    """Return the text of a refusal: of a problem, or of an error outside the control API."""
    if body.get("error") == _NO_ENDPOINT:
        return ""
    return str(body.get("detail") or body.get("error_description") or body.get("error") or "")


def mistakes_in(errors: object) -> Iterator[tuple[str, str]]:
    """Yield the errors of a problem. Another server's `errors` may have any type."""
    for one in errors if isinstance(errors, list) else ():
        if not isinstance(one, dict):
            continue
        *_, steps = str(one.get("pointer", "")).partition("/")
        path = "".join(
            f"[{step}]" if step.isdecimal() else f".{step}" for step in steps.split("/") if step
        )
        field = path.replace("~1", "/").replace("~0", "~").removeprefix(".")
        yield str(one.get("parameter", field)), str(one.get("detail", ""))
