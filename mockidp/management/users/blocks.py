"""Users whom brute-force protection blocks. IP addresses are never blocked.

Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from mockidp.flows.login.passwords.brute_force import blocks_of, lift_blocks, normalize_name
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_query, not_found
from mockidp.management.users.users import find_user
from mockidp.protocol.login.attack_protection import FailedLogins
from mockidp.resources.user import User


def _get(call: Call) -> Any:
    user = find_user(call.tenant, call.id)
    found = blocks_of(call.tenant, user.user_id, is_user=True)
    return _blocked_for(call, [_show(one, user) for one in found])


def _blocked_for(call: Call, found: list[dict[str, str]]) -> dict[str, Any]:
    """Return the blocks. On request, there are none while the protection is off."""
    protection = call.tenant.directory.configuration.attack_protection.brute_force_protection
    is_ignored = call.query.get("consider_brute_force_enablement") == "true"
    return {"blocked_for": [] if is_ignored and not protection.blocks else found}


def _show(failures: FailedLogins, user: User | None) -> dict[str, str]:
    name = (user.email or user.username or user.user_id) if user else failures.subject
    address = {"ip": failures.address} if failures.address else {}
    return {"identifier": name, **address, **({"connection": user.connection} if user else {})}


def _delete(call: Call) -> None:
    lift_blocks(call.tenant, find_user(call.tenant, call.id).user_id, is_user=True)


def _identifier(call: Call) -> str:
    sent = call.query.get("identifier")
    with call.tenant.trace.check("identifier", sent=sent):
        if not sent:
            raise invalid_query(
                "Missing required property: identifier",
                hint="Send `identifier` in the query: an e-mail address, username or phone number.",
            )
    return sent


def _users(call: Call, name: str) -> Iterator[User]:
    """Yield the users with an e-mail address, username or phone number in any connection."""
    directory = call.tenant.directory
    for connection in directory.connections:
        if user := directory.find_user(name, (connection,)):
            yield user
    yield from directory.users.find("phone", name)


def _get_by_name(call: Call) -> Any:
    name = _identifier(call)
    found = [
        _show(one, user)
        for user in _users(call, name)
        for one in blocks_of(call.tenant, user.user_id, is_user=True)
    ]
    unknown = blocks_of(call.tenant, normalize_name(name), is_user=False)
    return _blocked_for(call, found + [_show(one, None) for one in unknown])


def _delete_by_name(call: Call) -> None:
    name = _identifier(call)
    for user in _users(call, name):
        lift_blocks(call.tenant, user.user_id, is_user=True)
    lift_blocks(call.tenant, normalize_name(name), is_user=False)


def _get_address(call: Call) -> None:
    with call.tenant.trace.check("address", sent=call.id):
        raise not_found(
            "Not Found",
            hint=f"Address {call.id[:40]!r} is not blocked. Only users are blocked: mockidp has no "
            "suspicious IP throttling.",
        )


def _delete_address(_call: Call) -> None:
    """Unblock an address. Auth0: one that is not blocked is not an error."""


_ALL, _ONE, _ADDRESS = "/user-blocks", "/user-blocks/{id}", "/anomaly/blocks/ips/{id}"
_READ, _UPDATE = ("read:users",), ("update:users",)
_QUERY = frozenset({"consider_brute_force_enablement"})
OPERATIONS = (
    Operation(
        title="Get blocks by identifier", method="GET", path=_ALL, scopes=_READ,
        handler=_get_by_name, query=_QUERY | {"identifier"},
    ),
    Operation(
        title="Unblock by identifier", method="DELETE", path=_ALL, scopes=_UPDATE,
        handler=_delete_by_name, query=frozenset({"identifier"}), status=HTTPStatus.NO_CONTENT,
    ),
    Operation(
        title="Get a user's blocks", method="GET", path=_ONE, scopes=_READ, handler=_get,
        query=_QUERY,
    ),
    Operation(
        title="Unblock a user", method="DELETE", path=_ONE, scopes=_UPDATE, handler=_delete,
        status=HTTPStatus.NO_CONTENT,
    ),
    Operation(
        title="Check if an IP address is blocked", method="GET", path=_ADDRESS,
        scopes=("read:anomaly_blocks",), handler=_get_address,
    ),
    Operation(
        title="Remove the blocked IP address", method="DELETE", path=_ADDRESS,
        scopes=("delete:anomaly_blocks",), handler=_delete_address, status=HTTPStatus.NO_CONTENT,
    ),
)  # fmt: skip
