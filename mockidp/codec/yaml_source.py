"""YAML text as a tree that knows its lines: strict where PyYAML's own loader is lenient.

Duplicate keys are mistakes, dates stay texts, and only `true` and `false` are booleans (YAML
1.2's core schema). The tree is built from parser events with a stack of its own, so that depth
and the expansion of aliases are bounded before anything walks it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn, cast

import yaml

from mockidp.codec.mistakes import ConfigError, Mistake
from mockidp.codec.node import Node, resolve

MAX_DEPTH = 100
MAX_NODES = 200_000
"""Nodes that a file may have, each alias counted as what it stands for."""

_MAX_PATH = 80
_TOO_DEEP = (f"more than {MAX_DEPTH} levels", "a file that is less deep")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE = re.compile(
    "[^\\t\\n\\r\\x20-\\x7e\\x85\\xa0-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]"
)
_SURROGATES = re.compile(
    r"(?<!\\)((?:\\\\)*)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE
)
_MERGE = "<<"
_TAG = "tag:yaml.org,2002:"
_UNDEFINED = _TAG + "js/undefined"
"""What js-yaml writes for a value that is not there."""
_CORE_TAGS = frozenset(_TAG + name for name in ("null", "bool", "int", "float"))
_TEXT_TAGS = frozenset(
    {"!", *(_TAG + one for one in ("str", "timestamp", "binary", "js/function", "js/regexp"))}
)
"""What is kept as the text it is, those of js-yaml included."""
_KNOWN_TAGS = _CORE_TAGS | _TEXT_TAGS | {None, _UNDEFINED, _TAG + "map", _TAG + "seq"}


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    node: Node
    path: str
    key: str | None = None
    key_line: int = 0
    merged: list[Node] = field(default_factory=list)


def parse_yaml(
    text: str, *, source: str, restore: Callable[[str], str] = str
) -> tuple[Node, tuple[Mistake, ...]]:
    """Return the tree, and the duplicate keys and foreign tags that are in it.

    Args:
        text: YAML or JSON.
        source: What the mistakes call the file.
        restore: Undoes in each scalar what had to be done to the text to make it YAML.

    Raises:
        ConfigError: It is not YAML, is empty, or is too deep or too large to be meant.
    """
    odd = _UNPRINTABLE.search(text)
    if odd:
        found = f"the character U+{ord(odd[0]):04X}, which YAML does not allow"
        line = text.count("\n", 0, odd.start()) + 1
        raise ConfigError([Mistake(file=source, line=line, found=found, expected="text")])
    builder = _Builder(source, restore)
    try:
        for event in yaml.parse(_join_surrogates(text), Loader=_LOADER):
            builder.take(event)
    except yaml.YAMLError as error:
        raise ConfigError([_syntax_mistake(error, source)]) from error
    if builder.root is None:
        raise ConfigError(
            [Mistake(file=source, found="an empty file", expected="a mapping of sections")]
        )
    return builder.root, tuple(builder.mistakes)


def _join_surrogates(text: str) -> str:
    """Replace two escapes that are one character in JSON; YAML has no such pairs."""

    def join(match: re.Match[str]) -> str:
        before, *pair = match.groups()
        units = bytes.fromhex("".join(pair))
        return before + units.decode("utf-16-be")

    return _SURROGATES.sub(join, text) if text.lstrip()[:1] in ("{", "[") else text


class _Builder:
    """Turn parser events into nodes."""

    def __init__(self, source: str, restore: Callable[[str], str]) -> None:
        self.source = source
        self.restore = restore
        self.root: Node | None = None
        self.mistakes: list[Mistake] = []
        self._open: list[_Open] = []
        self._anchors: dict[str, Node] = {}
        self._unfinished: set[int] = set()

    def take(self, event: yaml.Event) -> None:
        """Take the next event."""
        if isinstance(event, yaml.ScalarEvent):
            self._take_scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._end()
        elif isinstance(event, yaml.AliasEvent):
            self._take_alias(event)
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            self._refuse(event, "a second document", "one YAML document in the file")

    def _take_scalar(self, event: yaml.ScalarEvent) -> None:
        self._check_tag(event)
        top = self._open[-1] if self._open else None
        if top is not None and isinstance(top.node.value, dict) and top.key is None:
            self._take_key(top, event)
        elif event.tag == _UNDEFINED:
            self._skip(top)
        else:
            text = self.restore(event.value)
            is_plain = event.implicit[0] or event.tag in _CORE_TAGS
            self._add(event, Node(_line(event), resolve(text) if is_plain else text))

    def _skip(self, top: _Open | None) -> None:
        """Leave out a value, with its key if it has one."""
        if top is not None:
            top.key = None

    def _take_key(self, top: _Open, event: yaml.ScalarEvent) -> None:
        key, line = self.restore(event.value), _line(event)
        known = top.node.value
        if isinstance(known, dict) and key in known:
            self._note(
                line,
                _join(top.path, key),
                found=f"the key a second time, after line {known[key].line_of_entry}",
                expected="each key once",
            )
        top.key, top.key_line = key, line

    def _begin(self, event: yaml.CollectionStartEvent) -> None:
        self._check_tag(event)
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        if len(self._open) >= MAX_DEPTH:
            self._refuse(event, *_TOO_DEEP)
        node = Node(_line(event), {} if is_mapping else [])
        path = self._path()
        self._add(event, node)
        self._unfinished.add(id(node))
        self._open.append(_Open(node, path))

    def _end(self) -> None:
        done = self._open.pop()
        self._unfinished.discard(id(done.node))
        children: Any = done.node.value
        if isinstance(children, dict):
            for merged in done.merged:
                self._merge(done.path, children, merged)
            children = children.values()
        done.node.size = 1 + sum(child.size for child in children)
        done.node.depth = 1 + max((child.depth for child in children), default=0)
        self._check_extent(done.node)

    def _take_alias(self, event: yaml.AliasEvent) -> None:
        node = self._anchors.get(event.anchor or "")
        if node is None:
            self._refuse(event, f"*{event.anchor}", "an anchor of that name before it")
        elif id(node) in self._unfinished:
            self._refuse(event, f"*{event.anchor} inside itself", "an alias of something complete")
        else:
            self._add(None, Node(node.line, node.value, size=node.size, depth=node.depth))

    def _add(self, event: yaml.NodeEvent | None, node: Node) -> None:
        if event is not None and event.anchor:
            self._anchors[event.anchor] = node
        if not self._open:
            self.root = node
            return
        top = self._open[-1]
        if isinstance(top.node.value, list):
            top.node.value.append(node)
        else:
            self._add_to_mapping(top, cast("dict[str, Node]", top.node.value), node)

    def _add_to_mapping(self, top: _Open, mapping: dict[str, Node], node: Node) -> None:
        if top.key is None:
            self._refuse_line(node.line, "a list or mapping as a key", "a string as a key")
        elif top.key == _MERGE:
            top.merged.append(node)
        else:
            node.key_line = top.key_line
            mapping.setdefault(top.key, node)
        top.key = None

    def _merge(self, path: str, mapping: dict[str, Node], merged: Node) -> None:
        sources = merged.value if isinstance(merged.value, list) else [merged]
        for one in sources:
            if not isinstance(one.value, dict):
                self._note(
                    one.line, _join(path, _MERGE), found="no mapping", expected="mappings to merge"
                )
                continue
            for key, node in one.value.items():
                mapping.setdefault(key, node)

    def _check_tag(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.tag not in _KNOWN_TAGS:
            self._note(_line(event), self._path(), found=f"the tag {event.tag}", expected="no tag")

    def _check_extent(self, node: Node) -> None:
        if node.size > MAX_NODES:
            self._refuse_line(node.line, f"more than {MAX_NODES} values", "a smaller file")
        if len(self._open) + node.depth > MAX_DEPTH:
            self._refuse_line(node.line, *_TOO_DEEP)

    def _path(self) -> str:
        if not self._open:
            return ""
        top = self._open[-1]
        if isinstance(top.node.value, list):
            return f"{top.path}[{len(top.node.value)}]"
        return _join(top.path, top.key or "")

    def _note(self, line: int, path: str, *, found: str, expected: str) -> None:
        if len(path) > _MAX_PATH:
            path = path[:_MAX_PATH] + "..."
        self.mistakes.append(
            Mistake(file=self.source, line=line, path=path, found=found, expected=expected)
        )

    def _refuse(self, event: yaml.Event, found: str, expected: str) -> NoReturn:
        self._refuse_line(_line(event), found, expected)

    def _refuse_line(self, line: int, found: str, expected: str) -> NoReturn:
        self._note(line, self._path(), found=found, expected=expected)
        raise ConfigError(self.mistakes)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path and key else path or key


def _syntax_mistake(error: yaml.YAMLError, source: str) -> Mistake:
    problem = getattr(error, "problem", None) or str(error)
    mark = getattr(error, "problem_mark", None)
    return Mistake(
        file=source,
        line=mark.line + 1 if mark else None,
        found=f"text that is not YAML ({problem})",
        expected="YAML or JSON",
    )
