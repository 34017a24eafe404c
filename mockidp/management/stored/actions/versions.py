"""Versions of Actions: deploy the draft, list, get, deploy an older one again."""

from __future__ import annotations

from typing import Any

from mockidp.management.body import check_keys
from mockidp.management.json_values import check_types
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.stored.actions.actions import (
    ACTIONS,
    DRAFTS,
    NEVER_RUN,
    PATH,
    show_version,
)
from mockidp.management.stored.actions.bindings import triggers_of
from mockidp.management.stored.collection import Stored

_SHAPE = ListShape(
    key="versions", order=("versions", "total", "per_page"), is_object=True, omits_zero=True
)
_OF_VERSION = ("id", "name", "supported_triggers", "created_at", "updated_at")


def _short(call: Call, action: Stored) -> Stored:
    """Return what a version has of its Action."""
    shown = ACTIONS.answer(call, action)
    return {name: shown[name] for name in (*_OF_VERSION, "all_changes_deployed") if name in shown}


def _list(call: Call) -> Any:
    action = ACTIONS.find(call, call.id)
    versions = DRAFTS.versions(call, action)[::-1]
    return _SHAPE.page(call, versions, lambda one: _show(call, action, one))


def _get(call: Call) -> Any:
    action = ACTIONS.find(call, call.id)
    return _show(call, action, DRAFTS.find(call, action, call.ids[1]))


def _show(call: Call, action: Stored, version: Stored) -> Stored:
    is_last = version == DRAFTS.versions(call, action)[-1]
    return show_version(version, is_deployed=is_last, of=_short(call, action))


def _deploy(call: Call) -> Any:
    """Deploy the draft. Auth0 answers before it is deployed."""
    check_keys(call, ())
    with call.tenant.backend.exclusive():
        after = DRAFTS.publish(call, ACTIONS.find(call, call.id))
        ACTIONS.write(call, after)
    return _deployed(call, after)


def _deploy_again(call: Call) -> Any:
    """Deploy an older version: a new one with the same content, and on demand the draft."""
    check_keys(call, ("update_draft",))
    check_types(call, {"update_draft": "boolean"})
    with call.tenant.backend.exclusive():
        action = ACTIONS.find(call, call.id)
        content = DRAFTS.content_of(DRAFTS.find(call, action, call.ids[1]))
        after = DRAFTS.publish(call, action, content)
        if call.body.get("update_draft"):
            after = {**after, **content, DRAFTS.flag: True}
        ACTIONS.write(call, after)
    return _deployed(call, after)


def _deployed(call: Call, action: Stored) -> Any:
    """Return the last version. A hint says if the Action would run."""
    if bound := triggers_of(call.tenant, str(action.get("name"))):
        call.tenant.trace.advise(
            f"Action {action.get('name')!r} is bound to {', '.join(bound)}. {NEVER_RUN}"
        )
    version = DRAFTS.versions(call, action)[-1]
    return show_version(version, is_deployed=False, of=_short(call, action))


OPERATIONS = (
    Operation(
        title="Deploy an Action", method="POST", path=f"{PATH}/{{id}}/deploy",
        scopes=("create:actions",), handler=_deploy,
    ),
    Operation(
        title="Get versions of an Action", method="GET", path=f"{PATH}/{{id}}/versions",
        scopes=("read:actions",), handler=_list, query=_SHAPE.parameters,
    ),
    Operation(
        title="Get a version of an Action", method="GET", path=f"{PATH}/{{id}}/versions/{{id}}",
        scopes=("read:actions",), handler=_get,
    ),
    Operation(
        title="Deploy a version of an Action", method="POST",
        path=f"{PATH}/{{id}}/versions/{{id}}/deploy", scopes=("create:actions",),
        handler=_deploy_again,
    ),
)  # fmt: skip
