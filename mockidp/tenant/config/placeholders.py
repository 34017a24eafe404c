"""The Deploy CLI's placeholders, replaced before YAML sees them.

`##KEY##` becomes the value as it is; `@@KEY@@`, with its quotes if it has any, becomes the
value as JSON. Neither is YAML where it stands unquoted, the second being a comment, so one
without a value is put in quotes: it is a mistake only where the mock would act on it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

_NAME = r"[A-Za-z0-9_.-]+"
_PLACEHOLDER = re.compile(
    rf"""(?P<quote>['"]?)@@(?P<json>{_NAME})@@(?P=quote)|\#\#(?P<text>{_NAME})\#\#"""
)
_BARE_UNRESOLVED = re.compile(
    rf"(?m)(?P<before>(?:^|[:,\[-])[ \t]+|\[)(?P<it>\#\#{_NAME}\#\#|@@{_NAME}@@)"
    r"(?=[ \t]*(?:$|[,\]}]|[ \t]\#))"
)
_UNRESOLVED = re.compile(rf"\#\#(?P<text>{_NAME})\#\#|@@(?P<json>{_NAME})@@")


def replace_placeholders(text: str, values: Mapping[str, str]) -> str:
    """Return the text with what has a value replaced, and the rest made YAML.

    Args:
        text: The file.
        values: By key. For `@@KEY@@` a value that is JSON stands for itself, such as
            `["http://localhost:3000"]`; any other is a text.
    """
    if "##" not in text and "@@" not in text:
        return text

    def replace(match: re.Match[str]) -> str:
        if match["text"] is not None:
            return values.get(match["text"], match[0])
        return _as_json(values[match["json"]]) if match["json"] in values else match[0]

    return _BARE_UNRESOLVED.sub(r'\g<before>"\g<it>"', _PLACEHOLDER.sub(replace, text))


def unresolved_placeholder(text: str) -> str | None:
    """Return the key of the first placeholder that is left in a text."""
    match = _UNRESOLVED.search(text)
    return (match["text"] or match["json"]) if match else None


def _as_json(value: str) -> str:
    try:
        parsed = json.loads(value, parse_constant=_no_number)
    except (ValueError, RecursionError):
        parsed = value
    return json.dumps(parsed, ensure_ascii=False)


def _no_number(name: str) -> None:
    raise ValueError(name)
