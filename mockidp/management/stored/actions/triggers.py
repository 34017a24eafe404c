"""Triggers: the points at which Auth0 runs Actions, and the Actions that are bound to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockidp.management.body import check_keys
from mockidp.management.json_values import check_types
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_body, not_found
from mockidp.management.stored.actions.actions import ACTIONS, DRAFTS, supported_triggers
from mockidp.management.stored.actions.bindings import SECTION, read_bindings
from mockidp.management.stored.collection import Stored
from mockidp.management.stored.section import replace_section
from mockidp.tenant.timestamps import fine_timestamp

TRIGGERS: Mapping[str, str] = {
    "post-login": "v3",
    "credentials-exchange": "v2",
    "pre-user-registration": "v2",
    "post-user-registration": "v2",
    "post-change-password": "v2",
    "send-phone-message": "v2",
    "iga-approval": "v1",
    "password-reset-post-challenge": "v1",
    "custom-token-exchange": "v1",
    "login-post-identifier": "v1",
    "signup-post-identifier": "v1",
    "custom-email-provider": "v1",
    "custom-phone-provider": "v1",
    "event-stream": "v1",
    "password-hash-migration": "v1",
    "mcp-tool": "v1",
}
"""The triggers, each with its version."""
_SHAPE = ListShape(
    key="bindings", order=("bindings", "total", "per_page"), is_object=True, omits_zero=True
)
_REFERENCES = ("action_name", "action_id", "binding_id")


def _list(_call: Call) -> Any:
    return {
        "triggers": [
            {
                "id": name,
                "version": version,
                "status": "CURRENT",
                "runtimes": ["node18-actions", "node22"],
                "default_runtime": "node22",
                "binding_policy": "trigger-bound",
                "compatible_triggers": [],
            }
            for name, version in TRIGGERS.items()
        ]
    }


def _bindings(call: Call) -> Any:
    return _SHAPE.page(call, _shown(call, _trigger(call)), lambda one: one)


def _trigger(call: Call) -> str:
    """Return the id of a trigger in the path.

    Raises:
        ApiRefusal: There is no such trigger.
    """
    with call.tenant.trace.check("trigger", id=call.id):
        if call.id not in TRIGGERS:
            raise not_found(
                "That trigger does not exist.",
                hint=f"{call.id!r} is not one of Auth0's triggers: {', '.join(TRIGGERS)}.",
            )
    return call.id


def _shown(call: Call, trigger: str) -> list[Stored]:
    """Return the bindings of a trigger. An Action that the file lacks has only its name."""
    actions = {str(one.get("name")): one for one in ACTIONS.all(call)}
    return [
        _show(call, trigger, one, actions.get(str(one.get("action_name"))))
        for one in read_bindings(call.tenant).get(trigger, ())
    ]


def _show(call: Call, trigger: str, entry: Stored, action: Stored | None) -> Stored:
    name = str(entry.get("action_name"))
    times = {key: entry[key] for key in ("created_at", "updated_at") if key in entry}
    return {
        "id": call.tenant.ids.record_uuid("binding", trigger, str((action or {}).get("id", name))),
        "trigger_id": trigger,
        "action": ACTIONS.answer(call, action) if action else {"name": name},
        **times,
        "display_name": entry.get("display_name", name),
    }


def _replace(call: Call) -> Any:
    """Replace the bindings of a trigger."""
    trigger = _trigger(call)
    check_keys(call, ("bindings",), required=("bindings",))
    check_types(call, {"bindings": "array"})
    sent: Sequence[Any] = call.body["bindings"] or ()
    with call.tenant.backend.exclusive():
        held = read_bindings(call.tenant)
        shown = _shown(call, trigger)
        with call.tenant.trace.check("bindings", trigger=trigger, count=len(sent)):
            after = [_entry(call, trigger, shown, one, at) for at, one in enumerate(sent)]
        others = {name: one for name, one in held.items() if name != trigger}
        replace_section(call, SECTION, {**others, trigger: after} if after else others)
    return _bindings(call)


def _entry(call: Call, trigger: str, shown: list[Stored], sent: Any, position: int) -> Stored:
    """Return the entry for a binding of the body.

    Raises:
        ApiRefusal: It does not name an Action that can be bound to the trigger.
    """
    at = f"bindings[{position}]"
    kind, value = _reference(sent, at)
    name = _name_of(call, shown, kind, value)
    action = next((one for one in ACTIONS.all(call) if one.get("name") == name), None)
    if action is None:
        raise not_found(
            ACTIONS.texts.missing, hint=f"No action has the {kind} {value!r}, see `{at}.ref`."
        )
    if not DRAFTS.versions(call, action):
        raise invalid_body(
            "The action must be deployed before it can be bound to a trigger",
            at=at,
            hint=f"Deploy action {name!r} first: POST /actions/actions/{action['id']}/deploy.",
        )
    if trigger not in supported_triggers(action):
        raise invalid_body(
            "The action does not support the trigger",
            at=at,
            hint=f"Action {name!r} supports {', '.join(supported_triggers(action))}.",
        )
    now = fine_timestamp(call.tenant.now())
    before = next((one for one in shown if one["action"]["name"] == name), {})
    times = {"created_at": before.get("created_at", now), "updated_at": now}
    return {"action_name": name, "display_name": sent.get("display_name") or name, **times}


def _reference(sent: Any, at: str) -> tuple[str, str]:
    """Return the type and the value of a reference to an Action."""
    reference = sent.get("ref") if isinstance(sent, Mapping) else None
    if not isinstance(reference, Mapping):
        raise invalid_body(
            "Missing required property: ref", at=at, hint="Send `ref` with `type` and `value`."
        )
    kind, value = reference.get("type"), reference.get("value")
    if kind not in _REFERENCES or not isinstance(value, str):
        raise invalid_body(
            f"Expected one of {', '.join(_REFERENCES)}",
            at=f"{at}.ref.type",
            hint="Send one of these types, and a string as `value`.",
        )
    return kind, value


def _name_of(call: Call, shown: list[Stored], kind: str, value: str) -> str | None:
    """Return the name of the Action to which a reference leads; None if it leads nowhere."""
    if kind == "action_name":
        return value
    known = (
        ((one["id"], one.get("name")) for one in ACTIONS.all(call))
        if kind == "action_id"
        else ((one["id"], one["action"]["name"]) for one in shown)
    )
    return next((name for one_id, name in known if one_id == value), None)


OPERATIONS = (
    Operation(
        title="Get triggers", method="GET", path="/actions/triggers", scopes=("read:actions",),
        handler=_list,
    ),
    Operation(
        title="Get trigger bindings", method="GET", path="/actions/triggers/{id}/bindings",
        scopes=("read:actions",), handler=_bindings, query=_SHAPE.parameters,
    ),
    Operation(
        title="Update trigger bindings", method="PATCH", path="/actions/triggers/{id}/bindings",
        scopes=("update:actions",), handler=_replace,
    ),
)  # fmt: skip
