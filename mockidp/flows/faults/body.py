"""JSON answers, and what is wrong with them on purpose."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mockidp.faults import Fault
from mockidp.faults.catalogue import words_of
from mockidp.flows.faults.tokens import OTHERS
from mockidp.tenant.tenant import Tenant

JSON_WORDS = frozenset({"set", "remove", "wrong", "empty", "stale", "malformed_json"})
"""The words that change what a JSON answer says."""


def changes_json(fault: Fault) -> bool:
    """Return whether a fault is one of JSON answers."""
    return not JSON_WORDS.isdisjoint(words_of(fault))


def apply_to_json(tenant: Tenant, fault: Fault, body: bytes) -> bytes | None:
    """Return a JSON object as a fault leaves it; None for what it leaves as it was."""
    try:
        document = json.loads(body)
    except ValueError:
        return None
    if not isinstance(document, dict):
        return None
    changed = _changed(tenant, fault, dict(document))
    if changed == document and not fault.malformed_json:
        return None
    spoiled = json.dumps(changed, separators=(",", ":"), ensure_ascii=False)
    if fault.malformed_json:
        spoiled = spoiled[: len(spoiled) // 2]
    return spoiled.encode(errors="replace")


def _changed(tenant: Tenant, fault: Fault, document: dict[str, Any]) -> Mapping[str, Any]:
    if fault.wrong:
        document["issuer"] = OTHERS["iss"]
    if fault.empty:
        document["keys"] = []
    if fault.stale:
        current = tenant.keys.current.jwk
        document["keys"] = [key for key in document.get("keys", ()) if key != current]
    document |= fault.set
    return {name: value for name, value in document.items() if name not in fault.remove}
