"""Why an impersonation link does not open, in words that name the cause and the mend.

The wire says `Bad mac` to everything. Here the URL that was opened is compared with the one
that was made, found by the id in the bewit's ext.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from mockidp.flows.moment import clock_time
from mockidp.protocol.artifacts import ImpersonationLink
from mockidp.protocol.bewit import Bewit, BewitError, read_bewit, split_target
from mockidp.tenant.store import Entry
from mockidp.tenant.tenant import Tenant

USE_STATE = "carry the target in additionalParameters.state instead"


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause by name, and the hint that explains it."""

    name: str
    hint: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """A request that opens a link. `target` is path and query as they were sent."""

    method: str
    origin: str
    target: str
    has_authorization: bool = False


def without_state() -> Cause:
    """Return the cause of a link that was made without a state."""
    return Cause(
        "empty_state",
        "additionalParameters.state was empty or absent when the link was made; Auth0 answers Bad "
        "mac to such links: send a state (setting impersonation.require_state)",
    )


def reused(entry: Entry[ImpersonationLink] | None) -> Cause:
    """Return the cause of a link that was opened before."""
    when = clock_time(entry.taken_at) if entry and entry.taken_at is not None else "another time"
    return Cause(
        "already_used",
        f"the link was already used at {when}; a link works once: make a new one "
        "(setting impersonation.single_use)",
    )


def explain_refusal(tenant: Tenant, opening: Opening, error: BewitError | None) -> Cause:
    """Return the cause of a refusal by Hawk's rules; None stands for an origin that differs."""
    if error is not None and error.check in _PLAIN:
        return Cause(*_PLAIN[error.check])
    bewit = _bewit_of(opening)
    entry = tenant.links.history(bewit.ext) if bewit else None
    if error is not None and error.check == "expired":
        return _expired(tenant, bewit, entry)
    if error is not None and error.check == "credentials":
        return Cause(
            "unknown_key",
            f"the bewit's id is {bewit.id if bewit else ''!r}; this tenant signs as "
            f"{tenant.bewit_key_id!r}: the link is another tenant's",
        )
    if bewit is None or entry is None:
        return Cause(
            "unknown_link",
            f"this tenant has no link with the id {bewit.ext if bewit else ''!r}: it was made by "
            "another server or before a restart, or the bewit was changed",
        )
    return _compare(entry.value, opening, bewit)


_PLAIN = {
    "length": (
        "too_long",
        "the URL is longer than 4096 characters, more than a link may have",
    ),
    "pattern": ("no_bewit", "the URL has no bewit parameter: open the link as it was given"),
    "empty": ("empty_bewit", "the bewit parameter is empty: the link was cut off"),
    "method": ("method", "a link is opened with GET or HEAD"),
    "authorization": (
        "authorization_header",
        "an Authorization header came with the link: open it without one",
    ),
    "encoding": (
        "bewit_encoding",
        "the bewit has a character outside base64url, such as = or %: it was escaped or padded",
    ),
    "structure": (
        "bewit_structure",
        "the bewit does not have its four parts: it was cut off or changed",
    ),
    "attributes": (
        "bewit_attributes",
        "a part of the bewit is empty, or its expiry is no number",
    ),
}


def _bewit_of(opening: Opening) -> Bewit | None:
    try:
        return read_bewit(split_target(opening.target)[1])
    except BewitError:
        return None


def _expired(tenant: Tenant, bewit: Bewit | None, entry: Entry[ImpersonationLink] | None) -> Cause:
    now = clock_time(tenant.now())
    ended = clock_time(bewit.exp) if bewit else "?"
    if entry is None:
        return Cause("expired", f"the link expired at {ended}; it is {now}")
    link = entry.value
    lived = int(link.expires_at - int(link.created_at))
    return Cause(
        "expired",
        f"the link expired at {ended}, {lived} s after it was made; it is {now}: ask for a "
        "longer `ttl`, or set impersonation.ttl",
    )


def _compare(link: ImpersonationLink, opening: Opening, opened: Bewit) -> Cause:
    """Name the first difference between the link as made and as opened."""
    signed_target = link.url[len(link.origin) :]
    signed_path, _, signed_query = signed_target.partition("?")
    opened_path, question_mark, opened_query = opening.target.partition("?")
    return (
        _origin_cause(link.origin, opening.origin)
        or _bewit_cause(read_bewit(link.bewit), opened)
        or _path_cause(signed_path, opened_path)
        or _query_cause(signed_query, opened_query if question_mark else "")
        or Cause("other_key", "the link is as it was made, but the key that signed it is not ours")
    )


def _origin_cause(signed: str, opened: str) -> Cause | None:
    if signed == opened:
        return None
    one, other = urlsplit(signed), urlsplit(opened)
    differing = [
        name
        for name, before, after in (
            ("scheme", one.scheme, other.scheme),
            ("host", one.hostname, other.hostname),
            ("port", _port(one.scheme, one.port), _port(other.scheme, other.port)),
        )
        if before != after
    ]
    return Cause(
        "origin",
        f"the link was made for {signed} and opened at {opened}: {', '.join(differing)} "
        f"differ{'s' if len(differing) == 1 else ''}; ask for the link at the URL where it will "
        "be opened",
    )


def _port(scheme: str, port: int | None) -> int:
    return port or (443 if scheme == "https" else 80)


def _bewit_cause(signed: Bewit, opened: Bewit) -> Cause | None:
    changed = [
        name
        for name in ("id", "exp", "mac", "ext")
        if getattr(signed, name) != getattr(opened, name)
    ]
    if not changed:
        return None
    detail = f" ({signed.exp} became {opened.exp})" if changed == ["exp"] else ""
    return Cause(
        "bewit_changed", f"inside the bewit {', '.join(changed)} was changed after signing{detail}"
    )


def _path_cause(signed: str, opened: str) -> Cause | None:
    if signed == opened:
        return None
    if unquote(signed) != unquote(opened):
        return Cause("path", f"the path was {signed} when signed and is {opened} now")
    return Cause(
        "path_normalised",
        f"{_respelling(signed, opened)} in the path: open the link byte for byte as it was "
        f"given (signed {signed}, opened {opened})",
    )


def _respelling(signed: str, opened: str) -> str:
    """Say which percent-escape was written in another way."""
    tokens = re.compile(r"%[0-9A-Fa-f]{2}|.", re.DOTALL)
    for before, after in zip(tokens.findall(signed), tokens.findall(opened), strict=False):
        if before != after:
            return f"`{before}` was normalised to `{after}`"
    return "the escapes were normalised"


def _query_cause(signed: str, opened: str) -> Cause | None:
    if signed == opened:
        return None
    before, after = _pairs(signed), _pairs(opened)
    if before == after:
        return Cause(
            "question_mark",
            "the empty parameter in `?&bewit=` was normalised: signed was "
            f"`?{signed[:7]}`, opened `?{opened[:7]}`; keep `?&bewit=` byte for byte",
        )
    added = [name for name in after if name not in before]
    removed = [name for name in before if name not in after]
    changed = [name for name in before if name in after and before[name] != after[name]]
    for verb, names in (("added", added), ("removed", removed), ("changed", changed)):
        if names:
            return Cause(
                f"parameter_{verb}",
                f"query parameter {_listed(names)} was {verb} after signing; {USE_STATE}",
            )
    return Cause(
        "parameter_reordered",
        f"query parameters {_listed(list(after))} were reordered after signing; keep the URL as "
        "it was given",
    )


def _pairs(query: str) -> dict[str, list[str]]:
    """Return the parameters beside the bewit, in order."""
    pairs: dict[str, list[str]] = {}
    for piece in query.split("&"):
        name, _, value = piece.partition("=")
        if piece and name != "bewit":
            pairs.setdefault(name, []).append(value)
    return pairs


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name[:80]}`" for name in names)
