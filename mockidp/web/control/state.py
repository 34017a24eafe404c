"""`/reset`, `/snapshot` and `/keys`: what the tenant was and is, and the keys that sign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mockidp.protocol.problem import Problem
from mockidp.tenant.snapshot_data import snapshot_data, snapshot_from
from mockidp.web.control.guard import MAX_BODY_DEPTH, MAX_STATE
from mockidp.web.control.operation import Call, Operation


@dataclass(frozen=True, kw_only=True, slots=True)
class SigningKey:
    """A key by its id."""

    kid: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedKey(SigningKey):
    """A key of the JWKS."""

    standing: Literal["current", "next", "previous"]


def _keys(call: Call) -> Any:
    keys = call.tenant.keys
    standing = {keys.current.kid: "current", keys.following.kid: "next"}
    return [
        {"kid": key.kid, "standing": standing.get(key.kid, "previous")} for key in keys.published
    ]


def _revoke(call: Call) -> None:
    if not call.tenant.revoke_key(call.id):
        known = ", ".join(key.kid for key in call.tenant.keys.published[2:]) or "none"
        raise Problem(404, f"no previous key has the kid {call.id!r}; there are: {known}")


OPERATIONS = (
    Operation(
        name="reset",
        method="POST",
        path="/reset",
        summary="Be as at the start: data, keys, clock and seed; no faults, no journal.",
        handler=lambda call: call.tenant.reset(),
        status=204,
    ),
    Operation(
        name="getSnapshot",
        method="GET",
        path="/snapshot",
        summary="All that the tenant knows and remembers, its keys, clock and seed.",
        handler=lambda call: snapshot_data(call.tenant.snapshot()),
    ),
    Operation(
        name="putSnapshot",
        method="PUT",
        path="/snapshot",
        summary="Be what the tenant was when a snapshot was taken.",
        handler=lambda call: call.tenant.restore(snapshot_from(call.body)),
        body=Mapping,
        deepest=2 * MAX_BODY_DEPTH,
        max_body=MAX_STATE,
        status=204,
    ),
    Operation(
        name="listKeys",
        method="GET",
        path="/keys",
        summary="The keys that the JWKS has.",
        handler=_keys,
        answer=list[PublishedKey],
    ),
    Operation(
        name="rotateKeys",
        method="POST",
        path="/keys/rotate",
        summary="Sign with the next key from now on.",
        handler=lambda call: {"kid": call.tenant.rotate_keys()},
        answer=SigningKey,
    ),
    Operation(
        name="revokeKey",
        method="DELETE",
        path="/keys/{id}",
        summary="Withdraw a previous key: its tokens are no good from now on.",
        handler=_revoke,
        status=204,
    ),
)
