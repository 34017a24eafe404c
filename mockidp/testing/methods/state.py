"""The test methods for a tenant's keys and its whole state: rotate, revoke, reset, snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from mockidp.errors import MockIdPError
from mockidp.frozen import frozen
from mockidp.tenant.state.snapshot import Snapshot
from mockidp.tenant.state.snapshot_data import (
    read_snapshot,
    snapshot_data,
    snapshot_from,
    snapshot_in_pieces,
)
from mockidp.testing.method import (
    ID,
    NO_ANSWER,
    NO_PARAMETERS,
    Form,
    Method,
    NoParameters,
    Target,
    answer,
    list_of,
)

SNAPSHOT_FORM: Form[Snapshot] = Form(
    schema=Mapping,
    write=snapshot_data,
    read=snapshot_from,
    read_in_pieces=read_snapshot,
    write_in_pieces=snapshot_in_pieces,
)


@frozen
class SigningKey:
    """The id of a key."""

    kid: str


@frozen
class PublishedKey:
    """A key of the JWKS."""

    kid: str
    standing: Literal["current", "next", "previous"]


def _list_keys(target: Target, _request: NoParameters) -> list[PublishedKey]:
    """Return the keys of the JWKS."""
    current, following, *previous = target.tenant.keys.published
    return [
        PublishedKey(kid=current.kid, standing="current"),
        PublishedKey(kid=following.kid, standing="next"),
        *(PublishedKey(kid=key.kid, standing="previous") for key in previous),
    ]


def _rotate_keys(target: Target, _request: NoParameters) -> SigningKey:
    """Rotate the keys: the next key becomes the current one."""
    return SigningKey(kid=target.tenant.rotate_keys())


def _revoke_key(target: Target, kid: str) -> None:
    """Revoke a previous key: tokens that it signed are no longer accepted."""
    if not target.tenant.revoke_key(kid):
        known = ", ".join(key.kid for key in target.tenant.keys.published[2:]) or "none"
        raise MockIdPError(f"No previous key has the kid {kid!r}. Known: {known}.")


def _reset(target: Target, _request: NoParameters) -> None:
    """Restore the initial data, keys, clock and seed, and clear faults and journal."""
    target.tenant.reset()


def _snapshot(target: Target, _request: NoParameters) -> Snapshot:
    """Return the tenant's state with keys, clock and seed, but without faults and journal."""
    return target.tenant.snapshot()


def _restore(target: Target, snapshot: Snapshot) -> None:
    """Restore a snapshot."""
    target.tenant.restore(snapshot)


LIST_KEYS = Method(
    name="list_keys",
    http="GET /keys",
    function=_list_keys,
    parameters=NO_PARAMETERS,
    answer=list_of(answer(PublishedKey)),
)
ROTATE_KEYS = Method(
    name="rotate_keys",
    http="POST /keys/rotate",
    function=_rotate_keys,
    parameters=NO_PARAMETERS,
    answer=answer(SigningKey),
)
REVOKE_KEY = Method(
    name="revoke_key",
    http="DELETE /keys/{id}",
    function=_revoke_key,
    parameters=ID,
    answer=NO_ANSWER,
    status=204,
)
RESET = Method(
    name="reset",
    http="POST /reset",
    function=_reset,
    parameters=NO_PARAMETERS,
    answer=NO_ANSWER,
    status=204,
)
SNAPSHOT = Method(
    name="snapshot",
    http="GET /snapshot",
    function=_snapshot,
    parameters=NO_PARAMETERS,
    answer=SNAPSHOT_FORM,
    holds_state=True,
)
RESTORE = Method(
    name="restore",
    http="PUT /snapshot",
    function=_restore,
    parameters=SNAPSHOT_FORM,
    answer=NO_ANSWER,
    status=204,
    holds_state=True,
)
