"""The parameter `claims`, with which a client requests claims one by one.

Spec: OpenID Connect Core 5.5.
Auth0: it has no such parameter. The setting `profile: oidc` switches it on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mockidp.frozen import frozen
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.oauth.parameters import Parameters

CLAIMS = "claims"


@frozen
class ClaimsRequest:
    """The requested claims.

    Attributes:
        userinfo: The names of those at /userinfo.
        id_token: The names of those in the ID token.
        subject: The `sub` that the user must have.
        acr_values: The values of `acr`, of which the login should have one.
        requires_acr: Whether the login must have one of them.
    """

    userinfo: tuple[str, ...] = ()
    id_token: tuple[str, ...] = ()
    subject: str | None = None
    acr_values: tuple[str, ...] = ()
    requires_acr: bool = False


NO_CLAIMS = ClaimsRequest()


def parse_claims(parameters: Parameters) -> ClaimsRequest:
    """Parse `claims`. Members other than `userinfo` and `id_token` are ignored.

    Raises:
        InvalidRequest: It is not a JSON object of the required form.
    """
    text = parameters.get(CLAIMS)
    if text is None:
        return NO_CLAIMS
    try:
        sent = json.loads(text)
    except (ValueError, RecursionError):
        raise _invalid("is not JSON") from None
    userinfo, id_token = (_members(sent, place) for place in ("userinfo", "id_token"))
    acr = id_token.get("acr", {})
    return ClaimsRequest(
        userinfo=tuple(userinfo),
        id_token=tuple(id_token),
        subject=_subject(userinfo, id_token),
        acr_values=_values(acr, "acr"),
        requires_acr=acr.get("essential") is True and bool(_values(acr, "acr")),
    )


def _members(sent: Any, place: str) -> dict[str, Mapping[str, Any]]:
    """Return the claims of one place with what is required of each."""
    found = sent.get(place) if isinstance(sent, dict) else sent
    members = {} if found is None and isinstance(sent, dict) else found
    if not isinstance(members, dict):
        raise _invalid(f"is not a JSON object, or its member `{place}` is not one")
    for name, rules in members.items():
        if not isinstance(rules, dict | None):
            raise _invalid(f"has neither null nor an object for `{place}.{name[:40]}`")
    return {name: rules or {} for name, rules in members.items()}


def _values(rules: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return the requested values of a claim: its `value`, or one of its `values`."""
    values = rules.get("values", [rules["value"]] if "value" in rules else [])
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise _invalid(f"has values for `{name}` that are not strings")
    return tuple(values)


def _subject(*places: Mapping[str, Mapping[str, Any]]) -> str | None:
    wanted = {value for place in places for value in _values(place.get("sub", {}), "sub")}
    if len(wanted) > 1:
        raise _invalid("requests several values for `sub`")
    return wanted.pop() if wanted else None


def _invalid(why: str) -> InvalidRequest:
    return InvalidRequest(
        "Invalid claims",
        hint=f"Parameter `claims` {why}. Send an object such as "
        '{"userinfo": {"name": {"essential": true}}} (OpenID Connect Core 5.5).',
    )
