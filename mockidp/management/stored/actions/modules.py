"""Modules: code that several Actions use, and their versions.

Source: docs/fidelity.md.
"""

from __future__ import annotations

from typing import Any

from mockidp.management.body import check_keys
from mockidp.management.collection import Texts, ordered
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.stored.actions.actions import ACTIONS, make_id
from mockidp.management.stored.actions.drafts import SECRETS, VERSIONS, Drafts, shown
from mockidp.management.stored.collection import Stored, StoredList
from mockidp.tenant.timestamps import fine_timestamp

_PATH = "/actions/modules"
_TOTALS = ("total", "page", "per_page")
_DRAFTS = Drafts(
    content=("code", "dependencies", "secrets"),
    flag="all_changes_published",
    number="version_number",
    missing="That module version does not exist.",
)
_COMPUTED = frozenset(
    {"actions_using_module_total", "latest_version_number", "latest_version", _DRAFTS.flag}
)
_ORDER = (
    "id", "name", "code", "dependencies", "secrets", "actions_using_module_total",
    "all_changes_published", "latest_version_number", "latest_version", "created_at", "updated_at",
)  # fmt: skip
_VERSION_ORDER = (
    "id", "module_id", "version_number", "code", "dependencies", "secrets", "created_at",
)  # fmt: skip


def _show(call: Call, module: Stored) -> Stored:
    own = {name: one for name, one in module.items() if name not in _COMPUTED | {VERSIONS}}
    versions = _DRAFTS.versions(call, module)
    computed: dict[str, Any] = {
        "actions_using_module_total": len(_users(call, module)),
        "all_changes_published": _DRAFTS.is_published(call, module),
    }
    if versions:
        last = _show_version(module, versions[-1])
        computed |= {"latest_version_number": len(versions), "latest_version": last}
    return own | computed


def _users(call: Call, module: Stored) -> list[tuple[Stored, Stored]]:
    """Return the Actions that use a module, each with its entry for the module."""
    return [
        (action, used)
        for action in ACTIONS.all(call)
        for used in action.get("modules") or ()
        if isinstance(used, dict) and used.get("module_name") == module.get("name")
    ]


def _show_version(module: Stored, version: Stored) -> Stored:
    own = {name: one for name, one in shown(version).items() if name != "updated_at"}
    return ordered({**own, "module_id": module["id"]}, _VERSION_ORDER)


_MODULES = StoredList(
    section="actionModules",
    path=_PATH,
    noun="actions",
    texts=Texts(
        title="action module",
        missing="That module does not exist.",
        exists="A module with the same name already exists.",
    ),
    shape=ListShape(key="modules", order=("modules", *_TOTALS), is_object=True),
    make_id=make_id,
    order=_ORDER,
    required=("name", "code"),
    types={
        "name": "string", "code": "string", "dependencies": "array", "secrets": "array",
    },
    read_only=frozenset({"id", "created_at", "updated_at", VERSIONS}) | _COMPUTED,
    fixed=frozenset({"name"}),
    defaults=lambda _call: {"dependencies": [], "secrets": []},
    secrets=(SECRETS,),
    write_only=(SECRETS,),
    has_timestamps=True,
    stamp=fine_timestamp,
    amend=_DRAFTS.amend,
    show=_show,
)  # fmt: skip
_VERSIONS = ListShape(key="versions", order=("versions", *_TOTALS), is_object=True)
_ACTIONS = ListShape(key="actions", order=("actions", "total", "per_page"), is_object=True)


def _publish(call: Call) -> Any:
    """Publish the draft. If nothing has changed, the last version is returned."""
    check_keys(call, ())
    with call.tenant.backend.exclusive():
        module = _MODULES.find(call, call.id)
        if not _DRAFTS.is_published(call, module):
            module = _DRAFTS.publish(call, module)
            _MODULES.write(call, module)
    return _show_version(module, _DRAFTS.versions(call, module)[-1])


def _list_versions(call: Call) -> Any:
    module = _MODULES.find(call, call.id)
    versions = _DRAFTS.versions(call, module)[::-1]
    return _VERSIONS.page(call, versions, lambda one: _show_version(module, one))


def _get_version(call: Call) -> Any:
    module = _MODULES.find(call, call.id)
    return _show_version(module, _DRAFTS.find(call, module, call.ids[1]))


def _list_actions(call: Call) -> Any:
    users = _users(call, _MODULES.find(call, call.id))
    return _ACTIONS.page(call, users, lambda one: _show_user(*one))


def _show_user(action: Stored, used: Stored) -> Stored:
    versions = {
        name: used[name] for name in ("module_version_id", "module_version_number") if name in used
    }
    return {
        "action_id": action["id"],
        "action_name": action.get("name"),
        **versions,
        "supported_triggers": action.get("supported_triggers", []),
    }


OPERATIONS = (
    *_MODULES.operations(),
    Operation(
        title="Publish an action module", method="POST", path=f"{_PATH}/{{id}}/versions",
        scopes=("create:actions",), handler=_publish, status=201,
    ),
    Operation(
        title="Get versions of an action module", method="GET", path=f"{_PATH}/{{id}}/versions",
        scopes=("read:actions",), handler=_list_versions, query=_VERSIONS.parameters,
    ),
    Operation(
        title="Get a version of an action module", method="GET",
        path=f"{_PATH}/{{id}}/versions/{{id}}", scopes=("read:actions",), handler=_get_version,
    ),
    Operation(
        title="Get the Actions that use an action module", method="GET",
        path=f"{_PATH}/{{id}}/actions", scopes=("read:actions",), handler=_list_actions,
        query=_ACTIONS.parameters,
    ),
)  # fmt: skip
