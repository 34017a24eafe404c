"""The section `triggers`: which Actions run at which point, by their names.

A file of the Deploy CLI refers to Actions by name, and so do the entries of the section.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.management.operation import Call
from mockidp.management.stored.section import read_section, replace_section
from mockidp.tenant.tenant import Tenant

SECTION = "triggers"


def read_bindings(tenant: Tenant) -> dict[str, list[Mapping[str, Any]]]:
    """Return the entries of each trigger."""
    held = read_section(tenant, SECTION)
    found = held.items() if isinstance(held, Mapping) else ()
    return {
        trigger: [one for one in entries if isinstance(one, Mapping)]
        for trigger, entries in found
        if isinstance(entries, list)
    }


def triggers_of(tenant: Tenant, action_name: str) -> list[str]:
    """Return the triggers to which an Action is bound."""
    return [
        trigger
        for trigger, entries in read_bindings(tenant).items()
        if any(one.get("action_name") == action_name for one in entries)
    ]


def replace_action(call: Call, before: str, after: str | None) -> None:
    """Give the bindings of an Action its new name; None removes them."""
    if before == after or not triggers_of(call.tenant, before):
        return
    replaced = {
        trigger: [
            {**one, "action_name": after} if one.get("action_name") == before else one
            for one in entries
            if after is not None or one.get("action_name") != before
        ]
        for trigger, entries in read_bindings(call.tenant).items()
    }
    replace_section(call, SECTION, replaced)
