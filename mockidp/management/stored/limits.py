"""Network ACLs and rate limit policies. They are stored, and mockidp refuses no request for them.

Source: docs/fidelity.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from mockidp.frozen import replace
from mockidp.management.body import check_keys
from mockidp.management.collection import Texts, ordered
from mockidp.management.json_values import JsonType, check_types, check_unique
from mockidp.management.listing import ListShape, select_fields
from mockidp.management.operation import Call, Operation
from mockidp.management.stored.collection import Stored, StoredList, with_prefix
from mockidp.protocol.errors.refusal import ApiRefusal
from mockidp.resources.unsupported import look_up
from mockidp.tenant.timestamps import timestamp

_ACL_ID = re.compile(r"acl_[A-Za-z0-9]{22}")
_CATEGORIES = ("auth0.low_reputation", "auth0.icloud_relay_proxy")
_SIDES = ("match", "not_match")
_REQUIRED = ("description", "active", "rule")
_TYPES: Mapping[str, JsonType] = {
    "description": "string",
    "active": "boolean",
    "priority": "number",
    "rule": "object",
}


def _check_acl(call: Call, _before: Stored | None) -> None:
    """Check the rule of a body: its action, and the lists of addresses that Auth0 keeps."""
    rule = call.body.get("rule")
    with call.tenant.trace.check("rule"):
        if not isinstance(rule, Mapping):
            return
        action = rule.get("action")
        redirects = isinstance(action, Mapping) and action.get("redirect") is True
        if redirects and not look_up(action, "redirect_uri"):
            raise ApiRefusal(
                HTTPStatus.BAD_REQUEST,
                "Payload validation error: Action type of `redirect` requires a `redirect_uri`",
                error_code="invalid_body",
                hint="Add `redirect_uri` to the action.",
            )
        check_unique(call, *(f"rule.{side}.auth0_managed" for side in _SIDES))
        for side in _SIDES:
            names = look_up(rule, f"{side}.auth0_managed")
            if isinstance(names, list):
                _check_categories(names)


def _check_categories(names: list[Any]) -> None:
    if unknown := [str(one) for one in names if one not in _CATEGORIES]:
        raise ApiRefusal(
            HTTPStatus.BAD_REQUEST,
            f"Invalid curated list name(s): {', '.join(unknown)}. Allowed curated list names are: "
            f"{', '.join(_CATEGORIES)}",
            error_code="invalid_body",
            hint=f"Auth0 keeps no list {unknown[0]!r}. Use one of {', '.join(_CATEGORIES)}.",
        )


ACLS = StoredList(
    section="networkACLs",
    path="/network-acls",
    noun="network_acls",
    texts=Texts(title="network ACL", missing="NetworkACL with this ID was not found"),
    shape=ListShape(key="network_acls", order=("total", "start", "limit", "network_acls")),
    make_id=with_prefix("acl_", 22),
    name_key="description",
    is_unique=False,
    order=("description", "active", "priority", "rule", "created_at", "updated_at", "id"),
    required=_REQUIRED,
    types=_TYPES,
    read_only=frozenset({"id", "created_at", "updated_at", "tenant_id", "deleted_at"}),
    has_timestamps=True,
    check=_check_acl,
)


def _check_id(call: Call) -> None:
    with call.tenant.trace.check("id", sent=call.id):
        if not _ACL_ID.fullmatch(call.id):
            raise ApiRefusal(
                HTTPStatus.BAD_REQUEST,
                "Network ACL id is not a valid ACL ID in the form 'acl_XXXXXXXXXXXXXXXXXXXXXX'",
                error_code="invalid_uri",
                hint=f"{call.id!r} is not `acl_` and 22 letters and digits.",
            )


def _get_acl(call: Call) -> Mapping[str, Any]:
    """Return one. Only this answer has the tenant and `deleted_at`."""
    _check_id(call)
    found = dict(ACLS.answer(call, ACLS.find(call, call.id)))
    name = found.pop("id")
    shown = {"tenant_id": call.tenant.name, **found, "deleted_at": None, "id": name}
    return select_fields(call.query, shown)


def _patch_acl(call: Call) -> Any:
    _check_id(call)
    return ACLS.patch(call)


def _replace_acl(call: Call) -> Stored:
    _check_id(call)
    check_keys(call, call.body.keys() - ACLS.read_only, required=_REQUIRED)
    check_types(call, _TYPES)
    _check_acl(call, None)
    with call.tenant.backend.exclusive():
        held = ACLS.find(call, call.id)
        kept = {name: held[name] for name in ("id", "created_at") if name in held}
        after = {**call.body, **kept, "updated_at": timestamp(call.tenant.now())}
        ACLS.write(call, after)
    return ordered(after, ACLS.order)


def _delete_acl(call: Call) -> Stored:
    _check_id(call)
    ACLS.delete(call)
    return {"code": 204, "object": ""}


_ACL_HANDLERS = {"GET": _get_acl, "PATCH": _patch_acl}
_POLICY = ("resource", "consumer", "consumer_selector")
POLICIES = StoredList(
    section="rateLimitPolicies",
    path="/rate-limit-policies",
    noun="rate_limit_policies",
    texts=Texts(title="rate limit policy", missing="Rate limit policy not found."),
    shape=ListShape(key="rate_limit_policies", has_checkpoints=True, is_object=True),
    make_id=with_prefix("rlp_", 21),
    name_key="consumer_selector",
    is_unique=False,
    order=("id", *_POLICY, "configuration", "created_at", "updated_at"),
    required=(*_POLICY, "configuration"),
    types={**dict.fromkeys(_POLICY, "string"), "configuration": "object"},
    fixed=frozenset(_POLICY),
    has_timestamps=True,
    filters={
        name: lambda one, wanted, name=name: one.get(name) == wanted  # type: ignore[misc]
        for name in _POLICY
    },
)
OPERATIONS = (
    *(
        replace(one, handler=_ACL_HANDLERS[one.method])
        if one.path.endswith("{id}") and one.method in _ACL_HANDLERS
        else one
        for one in ACLS.operations()
        if one.method != "DELETE"
    ),
    Operation(
        title="Replace a network ACL", method="PUT", path="/network-acls/{id}",
        scopes=("update:network_acls",), handler=_replace_acl,
    ),
    Operation(
        title="Delete a network ACL", method="DELETE", path="/network-acls/{id}",
        scopes=("delete:network_acls",), handler=_delete_acl,
    ),
    *POLICIES.operations(),
)  # fmt: skip
