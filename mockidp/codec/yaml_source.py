"""Parse YAML into a tree that knows its lines."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import IO, cast

import yaml

from mockidp.codec.mistakes import ConfigError, Mistake
from mockidp.codec.node import Node
from mockidp.codec.yaml_events import TreeBuilder
from mockidp.frozen import frozen

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE = re.compile(  # the inverse of YAML's list would take ten times as long to compile
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)
_SURROGATES = re.compile(
    r"(?<!\\)((?:\\\\)*)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE
)
_JSON = re.compile(r"\s*[{\[]")
_INDENTATION = re.compile(r"[ \t]*")


@frozen(kw_only=False)
class YamlTree:
    """A parsed file."""

    root: Node
    mistakes: tuple[Mistake, ...]
    """Its duplicate keys and unknown tags."""
    size: int
    """The number of its nodes, aliases expanded."""


def parse_yaml(text: str, *, source: str, restore: Callable[[str], str] = str) -> YamlTree:
    """Return the tree of a file.

    Args:
        text: YAML or JSON.
        source: The name of the file in mistakes.
        restore: Undoes, in each scalar, the changes that made the text YAML.

    Raises:
        ConfigError: The text is not YAML, is empty, or is deeper or larger than the limits.
    """
    odd = _UNPRINTABLE.search(text)
    if odd:
        found = f"the character U+{ord(odd[0]):04X}, which YAML does not allow"
        line = text.count("\n", 0, odd.start()) + 1
        raise ConfigError([Mistake(file=source, line=line, found=found, expected="text")])
    builder = TreeBuilder(source, restore)
    try:
        for event in yaml.parse(_stream(text), Loader=_LOADER):
            builder.take(event)
    except yaml.YAMLError as error:
        raise ConfigError([_syntax_mistake(error, source, text)]) from error
    if builder.root is None:
        raise ConfigError(
            [Mistake(file=source, found="an empty file", expected="a mapping of sections")]
        )
    return YamlTree(builder.root, tuple(builder.mistakes), builder.extent.size)


def _stream(text: str) -> IO[str]:
    return cast("IO[str]", _Pieces(_join_surrogates(text)))


class _Pieces:
    """A text that the parser reads in pieces, so that it does not copy all of it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0

    def read(self, size: int) -> str:
        """Return the next piece."""
        start = self._position
        self._position += size
        return self._text[start : self._position]


def _join_surrogates(text: str) -> str:
    """Replace two escapes that are one character in JSON; YAML has no such pairs."""

    def join(match: re.Match[str]) -> str:
        before, *pair = match.groups()
        units = bytes.fromhex("".join(pair))
        return before + units.decode("utf-16-be")

    return _SURROGATES.sub(join, text) if _JSON.match(text) else text


def _syntax_mistake(error: yaml.YAMLError, source: str, text: str) -> Mistake:
    problem = getattr(error, "problem", None) or str(error)
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else None
    wrong = text.split("\n")[line - 1 : line] if line else []  # none at the end of the file
    indentation = _INDENTATION.match(wrong[0]) if wrong else None
    is_json = _JSON.match(text)  # which allows tabs
    if indentation and "\t" in indentation[0] and not is_json:
        column = indentation[0].index("\t") + 1
        return Mistake(
            file=source,
            line=line,
            found=f"a tab in column {column}; YAML does not allow tabs for indentation",
            expected="spaces",
        )
    return Mistake(
        file=source,
        line=line,
        found=f"text that is not YAML ({problem})",
        expected="YAML or JSON",
    )
