"""The test method `explain`: what a link, a token, a code or a login URL is, and if it is valid."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from typing import Any
from urllib.parse import parse_qsl

from mockidp.flows.hints.timestamps import clock_time, date_and_time
from mockidp.flows.impersonation.check import Opening
from mockidp.flows.impersonation.explain import LinkComparison, explain_link
from mockidp.flows.impersonation.refusal import ImpersonationRefused
from mockidp.frozen import frozen, replace
from mockidp.protocol.impersonation.bewit import BewitError, read_bewit, split_target
from mockidp.protocol.tokens.artifacts import RefreshToken
from mockidp.protocol.tokens.jwt import InvalidJwt, decode
from mockidp.protocol.urls.login_url import LoginUrl, parse_login_url
from mockidp.protocol.urls.origin import make_origin, origin_of, split_host
from mockidp.storage.store import Entry
from mockidp.tenant.tenant import Tenant
from mockidp.testing.claim_sources import claim_sources
from mockidp.testing.explain_artifacts import find_artifact
from mockidp.testing.explain_jwt import describe_domain, jwt_mistakes
from mockidp.testing.explain_login import explain_login
from mockidp.testing.method import Method, Target, answer, parameters

_LINK = re.compile(r"bewit=|/users/[^?#]*/impersonate")
"""What a URL has that is an impersonation link, or that was one before it was changed."""
_CARRIED = ("code", "access_token", "id_token")
NOT_CHECKED = "The signature was not checked, because no server was available."


@frozen
class ExplainRequest:
    """The parameter of `explain`."""

    thing: str
    """A link, a bewit, a token, a code, a login URL or a callback URL."""


@frozen
class Explanation:
    """The result of `explain`. `accepted` is None if it cannot be decided."""

    kind: str
    accepted: bool | None
    reasons: tuple[str, ...]
    """Why it is accepted, refused, or neither."""
    decoded: Mapping[str, Any] = field(default_factory=dict)
    link: LinkComparison | None = None
    """The checks of an impersonation link, and its differences from the link that was made."""


def explain(thing: str, tenant: Tenant | None) -> Explanation:
    """Explain a link, token, code or URL. Without a tenant, it is only decoded."""
    thing = thing.strip()
    artifact = find_artifact(tenant, thing) if tenant and thing else None
    if tenant and artifact:
        return _explain_entry(tenant, *artifact)
    if "://" in thing:
        return _explain_url(thing, tenant)
    if thing.count(".") == 2:  # noqa: PLR2004 - header, payload, signature
        return _explain_jwt(thing, tenant)
    bewit = _decode_bewit(thing)
    if bewit:
        return _explain_bewit(thing, bewit, tenant)
    return _explain_opaque(thing, tenant)


def _explain_url(url: str, tenant: Tenant | None) -> Explanation:
    if login := parse_login_url(url):
        return _explain_login_url(login, tenant)
    return _explain_link_url(url, tenant) if _LINK.search(url) else _explain_callback(url, tenant)


def _explain_login_url(login: LoginUrl, tenant: Tenant | None) -> Explanation:
    decoded = dict(parse_qsl(login.query))
    if pushed := decoded.get("request_uri"):
        return explain(pushed, tenant)
    kind = "login URL"
    if tenant is None:
        reason = "The request was not checked, because no server was available."
        return Explanation(kind=kind, accepted=None, reasons=(reason,), decoded=decoded)
    verdict = explain_login(tenant, login)
    return Explanation(
        kind=kind, accepted=verdict.accepted, reasons=verdict.reasons, decoded=decoded
    )


def _decode_bewit(text: str) -> dict[str, Any]:
    try:
        bewit = read_bewit(text)
    except BewitError:
        return {}
    return {
        "id": bewit.id,
        "exp": bewit.exp,
        "expires": date_and_time(bewit.exp),
        "mac": bewit.mac,
        "ext": bewit.ext,
    }


def _explain_link_url(url: str, tenant: Tenant | None) -> Explanation:
    scheme, _, host = origin_of(url).partition("://")
    split = split_host(host)
    if scheme.lower() not in ("http", "https") or split is None:
        reason = f"The URL begins with {origin_of(url)[:100]!r}. Give a scheme, a host and a port."
        return Explanation(kind="unknown", accepted=False, reasons=(reason,))
    # Clients send a URL without its fragment, and as bytes.
    target = url[len(origin_of(url)) :].partition("#")[0].encode("utf-8", "replace")
    return _explain_link(make_origin(scheme.lower(), *split), target.decode("latin-1"), tenant)


def _explain_link(origin: str, target: str, tenant: Tenant | None) -> Explanation:
    try:
        decoded = _decode_bewit(split_target(target)[1])
    except BewitError:
        decoded = {}
    kind = "impersonation link"
    if tenant is None:
        return Explanation(kind=kind, accepted=None, reasons=(NOT_CHECKED,), decoded=decoded)
    report = explain_link(tenant, Opening(method="GET", origin=origin, target=target))
    link, comparison = report.outcome, report.comparison
    if isinstance(link, ImpersonationRefused):
        why = (link.description, link.hint)
        return Explanation(kind=kind, accepted=False, reasons=why, decoded=decoded, link=comparison)
    decoded |= {
        "user": link.user_id,
        "impersonator": link.impersonated_by.user_id,
        "client": link.client_id,
        "state": link.state,
        "callback_url": link.callback_url,
        "response_type": link.response_type,
    }
    left = int(decoded["exp"] - tenant.now())
    reasons = (f"The link is valid and logs in as {link.user_id}. It expires in {left} s.",)
    return Explanation(kind=kind, accepted=True, reasons=reasons, decoded=decoded, link=comparison)


def _explain_bewit(text: str, decoded: dict[str, Any], tenant: Tenant | None) -> Explanation:
    if tenant is None:
        return Explanation(kind="bewit", accepted=None, reasons=(NOT_CHECKED,), decoded=decoded)
    entry = tenant.links.history(decoded["ext"])
    if entry is None:
        reason = f"This tenant has no link with the id {decoded['ext']!r} (`ext`)."
        return Explanation(kind="bewit", accepted=False, reasons=(reason,), decoded=decoded)
    if entry.value.bewit != text:
        reason = "This tenant made a link with this id and another bewit. The bewit was changed."
        return Explanation(kind="bewit", accepted=False, reasons=(reason,), decoded=decoded)
    link = entry.value
    whole = _explain_link(link.origin, link.url.removeprefix(link.origin), tenant)
    reasons = (f"The bewit belongs to the link `{link.url}`.", *whole.reasons)
    return replace(whole, kind="bewit", reasons=reasons)


def _explain_jwt(token: str, tenant: Tenant | None) -> Explanation:
    try:
        header, claims = decode(token)
    except InvalidJwt as error:
        return Explanation(kind="unknown", accepted=False, reasons=(f"This is not a JWT. {error}",))
    decoded: dict[str, Any] = {"header": header, "claims": claims}
    if tenant is None:
        return Explanation(kind="jwt", accepted=None, reasons=(NOT_CHECKED,), decoded=decoded)
    if sources := claim_sources(tenant, claims):
        decoded["custom_claims"] = sources
    wrong = jwt_mistakes(tenant, token, header, claims)
    audience = claims.get("aud")
    valid = f"This tenant signed the token for the audience {audience!r}. It has not expired."
    reasons = (*(wrong or (valid,)), *describe_domain(tenant, claims.get("iss")))
    return Explanation(kind="jwt", accepted=not wrong, reasons=reasons, decoded=decoded)


def _explain_callback(url: str, tenant: Tenant | None) -> Explanation:
    query, _, fragment = url.partition("#")
    decoded = dict(parse_qsl(query.partition("?")[2]) + parse_qsl(fragment))
    kind = "callback"
    if "error" in decoded:
        description = decoded.get("error_description")
        reason = f"The login was refused with the error {decoded['error']!r}" + (
            f" and the description {description!r}." if description else "."
        )
        return Explanation(kind=kind, accepted=False, reasons=(reason,), decoded=decoded)
    carried = {
        name: _explain_carried(name, decoded[name], tenant) for name in _CARRIED if name in decoded
    }
    if not carried:
        reason = "The URL contains no bewit, code, token or error, and no request to /authorize."
        return Explanation(kind="url", accepted=None, reasons=(reason,), decoded=decoded)
    reasons = [
        f"Parameter `{name}`: {reason}" for name, one in carried.items() for reason in one.reasons
    ]
    if "state" not in decoded:
        reasons.append("The callback has no `state`.")
    verdicts = {one.accepted for one in carried.values()}
    return Explanation(
        kind=kind,
        accepted=None if None in verdicts else verdicts == {True},
        reasons=tuple(reasons),
        decoded=decoded,
    )


def _explain_carried(name: str, text: str, tenant: Tenant | None) -> Explanation:
    """Explain a code or a token in a callback URL."""
    if name != "code":
        return explain(text, tenant)
    if tenant is None:
        return Explanation(kind=name, accepted=None, reasons=(NOT_CHECKED,))
    entry = tenant.codes.history(text)
    if entry is None:
        reason = "This tenant never issued this code, or issued it before a restart."
        return Explanation(kind=name, accepted=False, reasons=(reason,))
    return _explain_entry(tenant, name, entry, f"is valid for client {entry.value.client_id}")


def _explain_opaque(text: str, tenant: Tenant | None) -> Explanation:
    if tenant is None:
        return Explanation(
            kind="unknown",
            accepted=None,
            reasons=("The text is neither a URL, a JWT nor a bewit. A server may know it.",),
        )
    code, token = tenant.codes.history(text), tenant.opaque_tokens.history(text)
    refresh = tenant.refresh_tokens.history(text)
    if code is not None:
        valid = f"is valid for client {code.value.client_id}"
        return _explain_entry(tenant, "authorization code", code, valid)
    if token is not None and token.value.kind == "api_v1":
        valid = "is valid for requests for impersonation links"
        return _explain_entry(tenant, "Management API v1 token", token, valid)
    if token is not None:
        return _explain_entry(tenant, "opaque access token", token, "is valid for /userinfo only")
    if refresh is not None:
        return _explain_refresh_token(tenant, refresh)
    return Explanation(
        kind="unknown", accepted=False, reasons=("This tenant never issued this token or code.",)
    )


def _explain_refresh_token(tenant: Tenant, entry: Entry[RefreshToken]) -> Explanation:
    kind, family = "refresh token", tenant.refresh_families.history(entry.value.family_id)
    if family is not None and entry.value.counter >= family.value.latest_counter:
        return _explain_entry(tenant, kind, family, "is valid")
    reason = f"The {kind} is too old. The tenant no longer remembers it."
    if family is not None:
        reason = f"The {kind} was exchanged for another at {clock_time(family.value.rotated_at)}."
    return Explanation(kind=kind, accepted=False, reasons=(reason,))


def _explain_entry(tenant: Tenant, kind: str, entry: Entry[Any], valid: str) -> Explanation:
    mistake = ""
    if entry.taken_at is not None:
        mistake = f"was used or revoked at {clock_time(entry.taken_at)}"
    elif tenant.now() >= entry.expires_at:
        mistake = f"expired at {date_and_time(entry.expires_at)}"
    reason = f"The {kind} {mistake or valid}."
    return Explanation(kind=kind, accepted=not mistake, reasons=(reason,))


def _explain(target: Target, request: ExplainRequest) -> Explanation:
    """Explain what a link, token, code or login URL is, if it would be accepted, and why not."""
    return explain(request.thing, target.tenant)


EXPLAIN = Method(
    name="explain",
    http="POST /explain",
    function=_explain,
    parameters=parameters(ExplainRequest),
    answer=answer(Explanation),
)
