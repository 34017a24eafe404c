"""Rules and their configuration. They are stored, and mockidp runs no rules.

Source: docs/fidelity.md.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from mockidp.management.body import check_keys
from mockidp.management.collection import Texts
from mockidp.management.json_values import check_types
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_body
from mockidp.management.stored.collection import Stored, StoredList, with_prefix
from mockidp.management.stored.section import read_list, replace_section

_KEY = re.compile(r"[A-Za-z0-9_-]*")
_CONFIGS = "rulesConfigs"


def _defaults(call: Call) -> Stored:
    orders = (one.get("order") for one in read_list(call.tenant, RULES.section))
    last = max((one for one in orders if isinstance(one, int)), default=0)
    return {"enabled": True, "order": last + 1, "stage": "login_success"}


RULES = StoredList(
    section="rules",
    path="/rules",
    noun="rules",
    texts=Texts(
        title="rule",
        missing="The rule does not exist",
        missing_code="inexistent_rule",
        exists="A rule with the same name already exists",
        exists_code="rule_conflict",
    ),
    shape=ListShape(key="rules", order=("total", "start", "limit", "rules")),
    make_id=with_prefix("rul_"),
    order=("id", "enabled", "script", "name", "order", "stage"),
    required=("name", "script"),
    types={"name": "string", "script": "string", "enabled": "boolean", "order": "integer"},
    read_only=frozenset({"id"}),
    fixed=frozenset({"stage"}),
    defaults=_defaults,
    filters={"enabled": lambda rule, sent: rule.get("enabled", True) is (sent == "true")},
    is_deleted_silently=True,
)


def _list_configs(call: Call) -> Any:
    return [{"key": one["key"]} for one in read_list(call.tenant, _CONFIGS) if "key" in one]


def _set_config(call: Call) -> Any:
    with call.tenant.trace.check("key", sent=call.id):
        if not _KEY.fullmatch(call.id):
            raise invalid_body(
                f"String does not match pattern ^{_KEY.pattern}$", at="key",
                hint=f"Found {call.id!r} in the path. Use letters, digits, `_` and `-`.",
            )  # fmt: skip
    check_keys(call, ("value",), required=("value",))
    check_types(call, {"value": "string"})
    entry = {"key": call.id, "value": call.body["value"]}
    with call.tenant.backend.exclusive():
        replace_section(call, _CONFIGS, [*_other_configs(call), entry])
    return entry


def _delete_config(call: Call) -> None:
    with call.tenant.backend.exclusive():
        replace_section(call, _CONFIGS, _other_configs(call))


def _other_configs(call: Call) -> list[Any]:
    return [one for one in read_list(call.tenant, _CONFIGS) if one.get("key") != call.id]


OPERATIONS = (
    *RULES.operations(),
    Operation(
        title="Get rules configs", method="GET", path="/rules-configs",
        scopes=("read:rules_configs",), handler=_list_configs,
    ),
    Operation(
        title="Set a rules config", method="PUT", path="/rules-configs/{id}",
        scopes=("update:rules_configs",), handler=_set_config, has_secrets=True,
    ),
    Operation(
        title="Delete a rules config", method="DELETE", path="/rules-configs/{id}",
        scopes=("delete:rules_configs",), handler=_delete_config, status=HTTPStatus.NO_CONTENT,
    ),
)  # fmt: skip
