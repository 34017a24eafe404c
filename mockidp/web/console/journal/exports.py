"""A flow as Mermaid text, JSON and HAR. Secrets are as in the journal: hidden or cut.

Spec: HAR 1.2 (Jan Odvarko). The journal keeps no headers and no bodies of answers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from importlib.metadata import version
from typing import Any
from urllib.parse import urlencode

from mockidp.tenant.journal.entry import JournalEntry
from mockidp.web.console.journal.flow import Flow
from mockidp.web.console.journal.step import LANES, steps_of

WITH_BODY = ("POST", "PUT", "PATCH")
_MS = 1000
_PHRASES = {one.value: one.phrase for one in HTTPStatus}
_NOT_IN_TEXT = str.maketrans({"\n": " ", "\r": " ", ";": ",", "#": " ", "%": " "})


def to_json(flow: Flow) -> str:
    """Return the exchanges of a flow."""
    return json.dumps([one.to_dict() for one in flow.entries], indent=1)


def to_mermaid(flow: Flow) -> str:
    """Return a flow as a sequence diagram."""
    steps = steps_of(flow)
    used = {lane for step in steps for lane in step.lanes}
    lines = ["sequenceDiagram", f"  title {flow.title.translate(_NOT_IN_TEXT)}"]
    lines += [f"  participant {lane}" for lane in LANES if lane in used]
    for step in steps:
        arrow = "-x" if step.is_failed else "->>" if step.is_seen else "-->>"
        text = f"{step.verb} ({step.wire})" if step.wire else step.verb
        lines.append(f"  {step.source}{arrow}{step.target}: {text.translate(_NOT_IN_TEXT)}")
    return "\n".join(lines) + "\n"


def to_har(flow: Flow) -> dict[str, Any]:
    """Return a flow as HAR."""
    creator = {"name": "mockidp", "version": version("mockidp-server")}
    entries = [_har_entry(one) for one in flow.entries]
    return {"log": {"version": "1.2", "creator": creator, "entries": entries}}


def _har_entry(entry: JournalEntry) -> dict[str, Any]:
    time = entry.duration * _MS
    unknown = {"headersSize": -1, "bodySize": -1, "httpVersion": "HTTP/1.1", "cookies": []}
    return {
        "startedDateTime": datetime.fromtimestamp(entry.at, UTC).isoformat(),
        "time": time,
        "request": {"method": entry.method, "headers": [], **unknown, **_sent(entry)},
        "response": {
            "status": entry.status,
            "statusText": _PHRASES.get(entry.status, ""),
            "headers": [],
            **unknown,
            "content": {"size": 0, "mimeType": "x-unknown"},
            "redirectURL": "",
        },
        "cache": {},
        "timings": {"send": 0, "wait": time, "receive": 0},
        "comment": entry.hint,
    }


def _sent(entry: JournalEntry) -> dict[str, Any]:
    """Return URL, query and body of a request."""
    pairs = [{"name": name, "value": text_of(one)} for name, one in entry.parameters.items()]
    if entry.method not in WITH_BODY:
        query = urlencode({name: text_of(one) for name, one in entry.parameters.items()})
        return {"url": f"{entry.url}?{query}" if query else entry.url, "queryString": pairs}
    if is_json(entry.parameters):
        body: dict[str, Any] = {
            "mimeType": "application/json",
            "text": json.dumps(dict(entry.parameters)),
        }
    else:
        form = "application/x-www-form-urlencoded"
        body = {"mimeType": form, "params": pairs}
    return {"url": entry.url, "queryString": [], "postData": body}


def is_json(parameters: Mapping[str, Any]) -> bool:
    """Return whether a body was JSON: a form has only text."""
    return any(not isinstance(one, str) for one in parameters.values())


def text_of(value: Any) -> str:
    """Return a value as text."""
    return value if isinstance(value, str) else json.dumps(value)
