"""Actions: list, create, get, update, delete, test.

Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mockidp.frozen import replace
from mockidp.management.body import check_keys
from mockidp.management.collection import Texts, ordered
from mockidp.management.json_values import check_types
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import conflict, invalid_body, not_found
from mockidp.management.stored.actions.bindings import replace_action, triggers_of
from mockidp.management.stored.actions.drafts import SECRETS, VERSIONS, Drafts, shown
from mockidp.management.stored.collection import Stored, StoredList
from mockidp.tenant.ids import Ids
from mockidp.tenant.timestamps import fine_timestamp

PATH = "/actions/actions"
NEVER_RUN = "Actions are never run here. Use `mockidp.claims` for the claims that they add."
DRAFTS = Drafts(
    content=("code", "dependencies", "runtime", "secrets", "supported_triggers", "modules"),
    flag="deployed",
    number="number",
    missing="That action version does not exist.",
)
_ORDER = (
    "id", "name", "supported_triggers", "created_at", "updated_at", "code", "dependencies",
    "runtime", "status", "secrets", "modules", "current_version", "deployed_version",
    "all_changes_deployed",
)  # fmt: skip
_VERSION_ORDER = (
    "code", "dependencies", "id", "deployed", "number", "built_at", "secrets", "status",
    "created_at", "updated_at", "runtime", "supported_triggers", "modules", "action",
)  # fmt: skip
_COMPUTED = frozenset({"status", "current_version", "deployed_version", "all_changes_deployed"})
_OWN = frozenset({VERSIONS, "deployed"})
"""Members of an entry that no answer has."""


def make_id(ids: Ids, *identity: str) -> str:
    """Return the id of an Action or a module."""
    return ids.record_uuid(*identity)


def _defaults(_call: Call) -> Stored:
    return {"code": "", "dependencies": [], "runtime": "node22", "secrets": []}


def _check(call: Call, _before: Stored | None) -> None:
    """Check the triggers of a body."""
    with call.tenant.trace.check("supported_triggers"):
        for position, one in enumerate(call.body.get("supported_triggers") or ()):
            if not isinstance(one, dict) or not isinstance(one.get("id"), str):
                raise invalid_body(
                    "Missing required property: id",
                    at=f"supported_triggers[{position}]",
                    hint="Send each trigger as an object with `id` and `version`.",
                )


def _amend(call: Call, before: Stored | None, after: Stored) -> Stored:
    draft = {name: one for name, one in after.items() if name != "deploy"}
    made = DRAFTS.amend(call, before, draft)
    return DRAFTS.publish(call, made) if after.get("deploy") else made


def _show(call: Call, action: Stored) -> Stored:
    own = {name: one for name, one in action.items() if name not in _OWN | _COMPUTED}
    computed = {"status": "built", "all_changes_deployed": DRAFTS.is_published(call, action)}
    versions = DRAFTS.versions(call, action)
    if not versions:
        return own | computed
    last = show_version(versions[-1], is_deployed=True)
    current = {name: last[name] for name in ("id", "runtime", "number") if name in last}
    times = {name: last[name] for name in ("created_at", "updated_at") if name in last}
    current |= {"status": "BUILT", **times}
    return own | computed | {"current_version": current, "deployed_version": last}


def show_version(version: Stored, *, is_deployed: bool, of: Stored | None = None) -> Stored:
    """Return the JSON of a version, with its Action if that is given."""
    more: dict[str, Any] = {"deployed": is_deployed, "status": "built", "action": of}
    if is_deployed and "created_at" in version:
        more["built_at"] = version["created_at"]
    return ordered({**shown(version), **more}, _VERSION_ORDER)


ACTIONS = StoredList(
    section="actions",
    path=PATH,
    noun="actions",
    texts=Texts(
        title="action",
        missing="That action does not exist.",
        exists="An action with the same name already exists.",
    ),
    shape=ListShape(
        key="actions", order=("actions", "total", "per_page"), is_object=True, omits_zero=True
    ),
    make_id=make_id,
    order=_ORDER,
    required=("name", "supported_triggers"),
    types={
        "name": "string", "supported_triggers": "array", "code": "string", "runtime": "string",
        "dependencies": "array", "secrets": "array", "modules": "array", "deploy": "boolean",
    },
    read_only=frozenset({"id", "created_at", "updated_at"}) | _OWN | _COMPUTED,
    fixed=frozenset({"deploy"}),
    defaults=_defaults,
    secrets=(SECRETS,),
    write_only=(SECRETS,),
    has_timestamps=True,
    stamp=fine_timestamp,
    filters={
        "actionName": lambda action, sent: action.get("name") == sent,
        "triggerId": lambda action, sent: sent in supported_triggers(action),
        "deployed": lambda action, sent: _is(sent, action.get(VERSIONS) or action.get("deployed")),
        "installed": lambda action, sent: _is(sent, action.get("installed_integration_id")),
    },
    check=_check,
    amend=_amend,
    show=_show,
)  # fmt: skip


def _is(sent: str, value: Any) -> bool:
    return bool(value) is (sent == "true")


def supported_triggers(action: Stored) -> list[str]:
    """Return the ids of the triggers to which an Action can be bound."""
    triggers = action.get("supported_triggers") or ()
    return [str(one.get("id")) for one in triggers if isinstance(one, Mapping)]


def _patch(call: Call) -> Any:
    """Change an Action. Its bindings follow a new name."""
    with call.tenant.backend.exclusive():
        before = ACTIONS.find(call, call.id)
        answer = ACTIONS.patch(call)
        replace_action(call, str(before.get("name")), str(answer.get("name")))
    return answer


def _delete(call: Call) -> None:
    """Delete an Action. Auth0: one that is bound to a trigger is deleted only with `force`."""
    with call.tenant.backend.exclusive():
        name = str(ACTIONS.find(call, call.id).get("name"))
        bound = triggers_of(call.tenant, name)
        with call.tenant.trace.check("bindings", triggers=tuple(bound)):
            if bound and call.query.get("force") != "true":
                raise conflict(
                    "Cannot delete an action that is bound to a trigger.",
                    hint=f"Action {name!r} is bound to {', '.join(bound)}. Remove it there, or add "
                    "`?force=true`.",
                )
        replace_action(call, name, None)
        ACTIONS.delete(call)


def _test(call: Call) -> Any:
    ACTIONS.find(call, call.id)
    check_keys(call, call.body, required=("payload",))
    check_types(call, {"payload": "object"})
    call.tenant.trace.advise(NEVER_RUN)
    return {"payload": {}}


def _execution(call: Call) -> Any:
    with call.tenant.trace.check("execution", id=call.id):
        raise not_found("That execution does not exist.", hint=NEVER_RUN)


def _operations() -> Iterator[Operation]:
    for one in ACTIONS.operations():
        if one.path == PATH and one.method == "GET":
            yield replace(one, query=frozenset({"page", "per_page"}) | ACTIONS.filters.keys())
        elif one.method == "PATCH":
            yield replace(one, handler=_patch)
        elif one.method == "DELETE":
            yield replace(one, handler=_delete, query=frozenset({"force"}))
        else:
            yield one


OPERATIONS = (
    *_operations(),
    Operation(
        title="Test an Action", method="POST", path=f"{PATH}/{{id}}/test",
        scopes=("create:actions",), handler=_test,
    ),
    Operation(
        title="Get an execution", method="GET", path="/actions/executions/{id}",
        scopes=("read:actions",), handler=_execution,
    ),
)  # fmt: skip
