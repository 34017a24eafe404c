"""What a link, a bewit, a token, a code or a callback is, and whether it would be accepted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from mockidp.flows.bad_mac import Opening
from mockidp.flows.moment import clock_time
from mockidp.flows.open_link import ImpersonationRefused, check_link
from mockidp.protocol.bewit import BewitError, read_bewit, split_target
from mockidp.protocol.jwt import InvalidToken, decode, verify, verify_symmetric
from mockidp.protocol.origin import origin_of
from mockidp.tenant.store import Entry
from mockidp.tenant.tenant import Tenant

NOT_CHECKED = "signature not checked: no server was asked"


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """What a thing is. `accepted` is None where nobody can tell; `reasons` say why."""

    kind: str
    accepted: bool | None
    reasons: tuple[str, ...]
    decoded: Mapping[str, Any] = field(default_factory=dict)


def explain(thing: str, tenant: Tenant | None) -> Explanation:
    """Explain a thing; without a tenant it is taken apart and nothing is checked."""
    thing = thing.strip()
    if thing.startswith(("http://", "https://")):
        is_link = "bewit=" in thing
        return _explain_link(thing, tenant) if is_link else _explain_callback(thing, tenant)
    if thing.count(".") == 2:  # noqa: PLR2004 - header, payload, signature
        return _explain_jwt(thing, tenant)
    bewit = _decode_bewit(thing)
    if bewit:
        return _explain_bewit(thing, bewit, tenant)
    return _explain_opaque(thing, tenant)


def _decode_bewit(text: str) -> dict[str, Any]:
    try:
        bewit = read_bewit(text)
    except BewitError:
        return {}
    return {
        "id": bewit.id,
        "exp": bewit.exp,
        "expires": clock_time(bewit.exp),
        "mac": bewit.mac,
        "ext": bewit.ext,
    }


def _explain_link(url: str, tenant: Tenant | None) -> Explanation:
    origin = origin_of(url)
    target = url[len(origin) :].partition("#")[0]
    try:
        decoded = _decode_bewit(split_target(target)[1])
    except BewitError:
        decoded = {}
    kind = "impersonation link"
    if tenant is None:
        return Explanation(kind=kind, accepted=None, reasons=(NOT_CHECKED,), decoded=decoded)
    try:
        link = check_link(tenant, Opening(method="GET", origin=origin, target=target))
    except ImpersonationRefused as refused:
        why = (refused.description, refused.hint)
        return Explanation(kind=kind, accepted=False, reasons=why, decoded=decoded)
    decoded |= {
        "user": link.user_id,
        "impersonator": link.impersonated_by.user_id,
        "client": link.client_id,
        "state": link.state,
        "callback_url": link.callback_url,
        "response_type": link.response_type,
    }
    left = int(link.expires_at - tenant.now())
    reasons = (f"it would open now and log in as {link.user_id}; it lives {left} s more",)
    return Explanation(kind=kind, accepted=True, reasons=reasons, decoded=decoded)


def _explain_bewit(text: str, decoded: dict[str, Any], tenant: Tenant | None) -> Explanation:
    if tenant is None:
        return Explanation(kind="bewit", accepted=None, reasons=(NOT_CHECKED,), decoded=decoded)
    entry = tenant.links.history(decoded["ext"])
    if entry is None:
        reason = f"this tenant has no link with the id {decoded['ext']!r} (ext)"
        return Explanation(kind="bewit", accepted=False, reasons=(reason,), decoded=decoded)
    if entry.value.bewit != text:
        reason = "this tenant made a link with that id, but with another bewit: it was changed"
        return Explanation(kind="bewit", accepted=False, reasons=(reason,), decoded=decoded)
    whole = _explain_link(entry.value.url, tenant)
    reasons = (f"it belongs to the link {entry.value.url}", *whole.reasons)
    return Explanation(
        kind="bewit", accepted=whole.accepted, reasons=reasons, decoded=dict(whole.decoded)
    )


def _explain_jwt(token: str, tenant: Tenant | None) -> Explanation:
    try:
        header, claims = decode(token)
    except InvalidToken as error:
        return Explanation(kind="unknown", accepted=False, reasons=(f"no JWT: {error}",))
    decoded = {"header": header, "claims": claims}
    if tenant is None:
        return Explanation(kind="jwt", accepted=None, reasons=(NOT_CHECKED,), decoded=decoded)
    wrong = _signature_mistake(tenant, token, header, claims) + _time_mistakes(tenant, claims)
    fine = f"signed by this tenant, for the audience {claims.get('aud')!r}, and not expired"
    return Explanation(kind="jwt", accepted=not wrong, reasons=wrong or (fine,), decoded=decoded)


def _signature_mistake(
    tenant: Tenant, token: str, header: Mapping[str, Any], claims: Mapping[str, Any]
) -> tuple[str, ...]:
    if header.get("alg") == "HS256":
        secrets = [client.client_secret for client in tenant.directory.clients.values()]
        secrets += [api.signing_secret for api in tenant.directory.apis.values()]
        if any(verify_symmetric(token, secret) for secret in secrets if secret):
            return ()
        return (f"no secret of this tenant signed it (HS256, aud {claims.get('aud')!r})",)
    try:
        verify(token, tenant.keys)
    except InvalidToken as error:
        return (str(error),)
    return ()


def _time_mistakes(tenant: Tenant, claims: Mapping[str, Any]) -> tuple[str, ...]:
    expires_at = claims.get("exp")
    if isinstance(expires_at, int | float) and tenant.now() >= expires_at:
        return (f"it expired at {clock_time(expires_at)}; it is {clock_time(tenant.now())}",)
    return ()


def _explain_callback(url: str, tenant: Tenant | None) -> Explanation:
    parts = urlsplit(url)
    decoded = dict(parse_qsl(parts.query) + parse_qsl(parts.fragment))
    if "error" in decoded:
        reason = f"the login was refused: {decoded['error']}, {decoded.get('error_description')}"
        return Explanation(kind="callback", accepted=False, reasons=(reason,), decoded=decoded)
    if "code" not in decoded:
        reason = "a URL with neither a bewit, a code nor an error"
        return Explanation(kind="url", accepted=None, reasons=(reason,), decoded=decoded)
    state = () if "state" in decoded else ("there is no state in it",)
    if tenant is None:
        reasons: tuple[str, ...] = (NOT_CHECKED, *state)
        return Explanation(kind="callback", accepted=None, reasons=reasons, decoded=decoded)
    entry = tenant.codes.history(decoded["code"])
    verdict = _entry_mistake(tenant, entry, "code")
    fine = f"the code is good for client {entry.value.client_id}" if entry else ""
    return Explanation(
        kind="callback",
        accepted=not verdict,
        reasons=(verdict or fine, *state),
        decoded=decoded,
    )


def _explain_opaque(text: str, tenant: Tenant | None) -> Explanation:
    if tenant is None:
        return Explanation(
            kind="unknown",
            accepted=None,
            reasons=("neither a URL, a JWT nor a bewit; a server may know it",),
        )
    for kind, entry in (
        ("authorization code", tenant.codes.history(text)),
        ("opaque access token", tenant.opaque_tokens.history(text)),
        ("refresh token", tenant.refresh_tokens.history(text)),
    ):
        if entry is not None:
            mistake = _entry_mistake(tenant, entry, kind)
            return Explanation(
                kind=kind, accepted=not mistake, reasons=(mistake or f"the {kind} is good",)
            )
    return Explanation(
        kind="unknown", accepted=False, reasons=("this tenant never made such a thing",)
    )


def _entry_mistake(tenant: Tenant, entry: Entry[Any] | None, kind: str) -> str:
    if entry is None:
        return f"this tenant never made such a {kind}, or made it before a restart"
    if entry.taken_at is not None:
        return f"the {kind} was used at {clock_time(entry.taken_at)}"
    if tenant.now() >= entry.expires_at:
        return f"the {kind} expired at {clock_time(entry.expires_at)}"
    return ""
