"""An exchange as a command line of curl, without its secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from shlex import quote
from typing import Any
from urllib.parse import quote as percent_encode

from mockidp.tenant.journal.entry import JournalEntry
from mockidp.tenant.trace import SHOWN
from mockidp.web.console.journal.exports import WITH_BODY, is_json, text_of
from mockidp.web.pipeline.shown import HIDDEN, is_cut_name

_NOT_A_NAME = re.compile(r"\W+")


def as_curl(entry: JournalEntry) -> str:
    """Return a command. A secret is a variable of the shell with the parameter's name."""
    parts = [f"curl -i -X {quote(entry.method)}"]
    scheme = authorization_of(entry)
    if scheme == "Basic":
        parts.append(f'-u {quote(f"{entry.client}:")}"$client_secret"')
    elif scheme == "Bearer":
        parts.append('-H "Authorization: Bearer $access_token"')
    parameters = entry.parameters
    if entry.method not in WITH_BODY:
        pairs = [
            quote(percent_encode(one, safe="")) + "=" + _value(one, parameters[one], in_url=True)
            for one in parameters
        ]
        query = "'?'" + "'&'".join(pairs) if pairs else ""
        return " \\\n  ".join([*parts, quote(entry.url) + query])
    if is_json(parameters):
        parts.append("-H 'Content-Type: application/json'")
        parts.append(f"--data {_in_json(parameters)}")
    else:
        parts += [
            f"--data-urlencode {quote(f'{one}=')}{_value(one, parameters[one])}"
            for one in parameters
        ]
    return " \\\n  ".join([*parts, quote(entry.url)])


def authorization_of(entry: JournalEntry) -> str:
    """Return the scheme of the Authorization header; empty if there was none."""
    for check in entry.trace:
        if check.compared.get("has_header") is True:
            return "Basic"
        if check.name == "access_token" and "access_token" not in entry.parameters:
            return "Bearer" if check.compared.get("sent") else ""
    return ""


def is_secret(name: str, value: Any) -> bool:
    """Return whether the journal has hidden or cut a value."""
    was_cut = isinstance(value, str) and len(value) == SHOWN + len("...") and value.endswith("...")
    return value == HIDDEN or (was_cut and is_cut_name(name))


def _value(name: str, value: Any, *, in_url: bool = False) -> str:
    if is_secret(name, value):
        return f'"${_NOT_A_NAME.sub("_", name)}"'
    text = text_of(value)
    return quote(percent_encode(text, safe="") if in_url else text)


def _in_json(parameters: Mapping[str, Any]) -> str:
    shown = {
        name: f"${_NOT_A_NAME.sub('_', name)}" if is_secret(name, value) else value
        for name, value in parameters.items()
    }
    return quote(json.dumps(shown))
