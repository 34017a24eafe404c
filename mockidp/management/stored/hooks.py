"""Hooks and their secrets. They are stored, and mockidp runs no hooks.

Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from mockidp.management.collection import Texts
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_body
from mockidp.management.stored.collection import Stored, StoredList
from mockidp.tenant.ids import Ids

_HIDDEN = "_VALUE_NOT_SHOWN_"
_SECRETS = "/hooks/{id}/secrets"


def _ulid(ids: Ids, *identity: str) -> str:
    """Return an id in the form of a ULID: 26 characters of Crockford's base32."""
    return f"01{ids.hex_id(*identity).upper()}"


HOOKS = StoredList(
    section="hooks",
    path="/hooks",
    noun="hooks",
    texts=Texts(
        title="hook",
        missing="Error: Hook does not exist",
        missing_code="HookDoesNotExist",
        exists="A hook with the same name already exists",
    ),
    shape=ListShape(key="hooks", order=("total", "start", "limit", "hooks")),
    make_id=_ulid,
    order=("id", "name", "script", "dependencies", "triggerId", "enabled"),
    required=("name", "script", "triggerId"),
    types={
        "name": "string", "script": "string", "triggerId": "string", "enabled": "boolean",
        "dependencies": "object",
    },
    read_only=frozenset({"id", "secrets"}),
    fixed=frozenset({"triggerId"}),
    defaults=lambda _call: {"dependencies": {}, "enabled": False},
    write_only=("secrets",),
    filters={
        "enabled": lambda hook, sent: bool(hook.get("enabled")) is (sent == "true"),
        "triggerId": lambda hook, sent: hook.get("triggerId") == sent,
    },
)  # fmt: skip


def _secrets(hook: Stored) -> Mapping[str, Any]:
    held = hook.get("secrets")
    return held if isinstance(held, Mapping) else {}


def _get_secrets(call: Call) -> Any:
    return dict.fromkeys(_secrets(HOOKS.find(call, call.id)), _HIDDEN)


def _set_secrets(call: Call) -> Any:
    HOOKS.find(call, call.id)
    with call.tenant.trace.check("secrets", names=tuple(call.body)):
        for name, value in call.body.items():
            if not isinstance(value, str):
                raise invalid_body(
                    "Expected type string", at=name, hint=f"Send the secret {name} as a string."
                )
    _change_secrets(call, lambda held: {**held, **call.body})
    return {}


def _delete_secrets(call: Call) -> None:
    _change_secrets(
        call, lambda held: {name: one for name, one in held.items() if name not in call.items}
    )


def _change_secrets(call: Call, change: Callable[[Stored], Stored]) -> None:
    with call.tenant.backend.exclusive():
        hook = HOOKS.find(call, call.id)
        HOOKS.write(call, {**hook, "secrets": change(_secrets(hook))})


OPERATIONS = (
    *HOOKS.operations(),
    Operation(
        title="Get hook secrets", method="GET", path=_SECRETS, scopes=("read:hooks",),
        handler=_get_secrets,
    ),
    Operation(
        title="Add hook secrets", method="POST", path=_SECRETS, scopes=("update:hooks",),
        handler=_set_secrets, status=HTTPStatus.CREATED, has_secrets=True,
    ),
    Operation(
        title="Update hook secrets", method="PATCH", path=_SECRETS, scopes=("update:hooks",),
        handler=_set_secrets, status=HTTPStatus.CREATED, has_secrets=True,
    ),
    Operation(
        title="Delete hook secrets", method="DELETE", path=_SECRETS, scopes=("delete:hooks",),
        handler=_delete_secrets, status=HTTPStatus.NO_CONTENT, has_list=True,
    ),
)  # fmt: skip
