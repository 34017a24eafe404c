"""Replace the Deploy CLI's placeholders before YAML is parsed.

`##KEY##` becomes the value as it is; `@@KEY@@`, with its quotes if it has any, becomes the
value as JSON. Unquoted, the first would be a comment, and the second is not YAML. So the
characters of a placeholder without a value are replaced while YAML is parsed. It is a mistake only
in fields that the mock uses: a mail password in an export may be one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

_NAME = r"[A-Za-z0-9_.-]+"
_PLACEHOLDER = re.compile(
    rf"""(?P<quote>['"]?)@@(?P<json>{_NAME})@@(?P=quote)|\#\#(?P<text>{_NAME})\#\#"""
)
_UNRESOLVED = re.compile(rf"\#\#(?P<text>{_NAME})\#\#|@@(?P<json>{_NAME})@@")
_MARKS = str.maketrans({"#": "\ufdd0", "@": "\ufdd1"})
_MARKED = str.maketrans({"\ufdd0": "#", "\ufdd1": "@"})


def replace_placeholders(text: str, values: Mapping[str, str]) -> str:
    """Return the text with placeholders that have a value replaced, and the others marked.

    Args:
        text: The file.
        values: By key. For `@@KEY@@` a value that is JSON stands for itself, such as
            `["http://localhost:3000"]`; any other is a text.
    """

    def replace(match: re.Match[str]) -> str:
        if match["text"] in values:
            return values[match["text"]]
        if match["json"] in values:
            return _as_json(values[match["json"]])
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.end()]
        return match[0] if line.lstrip().startswith("#") else match[0].translate(_MARKS)

    return _PLACEHOLDER.sub(replace, text) if "##" in text or "@@" in text else text


def restore_placeholders(text: str) -> str:
    """Return the original of a marked text."""
    return text.translate(_MARKED) if "\ufdd0" in text or "\ufdd1" in text else text


def unresolved_placeholder(text: str) -> str | None:
    """Return the key of the first placeholder that a text still contains."""
    match = _UNRESOLVED.search(text)
    return (match["text"] or match["json"]) if match else None


def _as_json(value: str) -> str:
    try:
        parsed = json.loads(value, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        parsed = value
    return json.dumps(parsed, ensure_ascii=False)


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
