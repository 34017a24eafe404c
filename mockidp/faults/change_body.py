"""What faults do to the body of a JSON answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mockidp.faults.fault import Fault
from mockidp.faults.vocabulary import WRONG_VALUES
from mockidp.faults.words import WORDS, words_of


def changes_body(fault: Fault) -> bool:
    """Return whether a fault has a word that changes what a JSON answer says."""
    return any(WORDS[name].kind == "content" for name in words_of(fault))


def changes_only_body(fault: Fault) -> bool:
    """Return whether a fault does nothing else."""
    return all(WORDS[name].kind == "content" for name in words_of(fault))


def change_body(fault: Fault, body: bytes, *, current_jwk: Mapping[str, Any]) -> bytes | None:
    """Return a JSON answer as a fault changes it; None if the fault changes nothing.

    Only objects have members that can change. A list can be cut off.

    Args:
        fault: The fault.
        body: The body of the answer.
        current_jwk: The public key that tokens are signed with, which `stale` removes.
    """
    try:
        document = json.loads(body)
    except ValueError:
        return None
    is_object = isinstance(document, dict)
    changed = _change(fault, dict(document), current_jwk) if is_object else document
    if changed == document and not fault.malformed_json:
        return None
    text = json.dumps(changed, separators=(",", ":"), ensure_ascii=False)
    if fault.malformed_json:
        text = text[: len(text) // 2]
    return text.encode(errors="replace")


def _change(
    fault: Fault, document: dict[str, Any], current_jwk: Mapping[str, Any]
) -> Mapping[str, Any]:
    if fault.wrong:
        document["issuer"] = WRONG_VALUES["iss"]
    if fault.empty:
        document["keys"] = []
    if fault.stale:
        document["keys"] = [key for key in document.get("keys", ()) if key != current_jwk]
    document |= fault.set
    return {name: value for name, value in document.items() if name not in fault.remove}
