"""The texts of a prompt in a template: `text("title")`, with variables such as `${clientName}`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup, escape

_VARIABLE = re.compile(r"\$\{(\w+)\}")
_MAX_SHOWN = 80


class PromptText:
    """The texts of one page. An unknown variable in a text stays as it is.

    Args:
        texts: The texts, by key.
        variables: The values of variables that all texts may contain.
    """

    def __init__(self, texts: Mapping[str, str], **variables: str) -> None:
        self._texts = texts
        self._variables = variables

    def __eq__(self, other: object) -> bool:
        """Return whether the other has the same texts and variables."""
        if not isinstance(other, PromptText):
            return NotImplemented
        return self._variables == other._variables and self._texts == other._texts

    def __hash__(self) -> int:
        return hash(tuple(self._variables.items()))

    def __call__(self, key: str, **variables: str) -> Markup:
        """Return a text as HTML, in which the values of variables are isolated from the rest."""
        text = escape(self._texts[key])
        if "$" not in text:
            return text
        known = {name: _isolated(value) for name, value in (self._variables | variables).items()}
        return Markup(_insert(str(text), known))  # noqa: S704 - text and values are escaped

    def plain(self, key: str, **variables: str) -> str:
        """Return a text without markup, for titles, labels and attributes."""
        text = self._texts[key]
        if "$" not in text:
            return text
        known = {name: _shorten(value) for name, value in (self._variables | variables).items()}
        return _insert(text, known)

    def of_code(self, code: str, default: str) -> str:
        """Return the text of an error; the default if the screen has none for the code."""
        return self.plain(code) if code in self._texts else default


def _insert(text: str, values: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


def _isolated(value: str) -> str:
    return f'<bdi class="name">{escape(_shorten(value))}</bdi>'


def _shorten(value: str) -> str:
    return value if len(value) <= _MAX_SHOWN else f"{value[: _MAX_SHOWN - 3]}..."
