"""Turn the events of a YAML parser into nodes, more strictly than PyYAML's own loader.

Duplicate keys are mistakes, dates stay strings, and only `true` and `false` are booleans (YAML
1.2's core schema). The tree is built with an explicit stack, so that its depth and the expansion
of aliases are bounded before anything walks it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn, cast

import yaml

from mockidp.codec.mistakes import ConfigError, Mistake
from mockidp.codec.node import Node, resolve
from mockidp.frozen import frozen

MAX_DEPTH = 100
MAX_NODES = 3_000_000
"""The maximum number of nodes in a file. An alias counts as all nodes of its anchor."""

_MAX_PATH = 80
_TOO_DEEP = (f"more than {MAX_DEPTH} levels", "less nesting")
_MERGE = "<<"
_TAG = "tag:yaml.org,2002:"
_UNDEFINED = _TAG + "js/undefined"
"""The tag that js-yaml writes for an undefined value."""
_CORE_TAGS = frozenset(_TAG + name for name in ("null", "bool", "int", "float"))
_STRING_TAGS = frozenset(
    {"!", *(_TAG + one for one in ("str", "timestamp", "binary", "js/function", "js/regexp"))}
)
"""The tags of values that are kept as strings, those of js-yaml included."""
_KNOWN_TAGS = _CORE_TAGS | _STRING_TAGS | {None, _UNDEFINED, _TAG + "map", _TAG + "seq"}


@dataclass(slots=True)
class _Extent:
    """The number of nodes and of levels in a part of the tree, aliases included."""

    size: int = 1
    depth: int = 1

    def add(self, child: _Extent) -> None:
        """Add the extent of a child."""
        self.size += child.size
        self.depth = max(self.depth, child.depth + 1)


_SCALAR = _Extent()


@dataclass(slots=True)
class _Open:
    """A collection that is not complete yet."""

    node: Node
    path: str
    anchor: str | None
    extent: _Extent = field(default_factory=_Extent)
    key: str | None = None
    key_line: int = 0
    merged: list[Node] = field(default_factory=list)


@frozen(kw_only=False)
class _Anchor:
    """A node that aliases can name; `extent` is None while it is incomplete."""

    node: Node
    extent: _Extent | None


class TreeBuilder:
    """Turn parser events into nodes."""

    def __init__(self, source: str, restore: Callable[[str], str]) -> None:
        self.source = source
        self.restore = restore
        self.root: Node | None = None
        self.extent = _Extent()
        self.mistakes: list[Mistake] = []
        self._open: list[_Open] = []
        self._anchors: dict[str, _Anchor] = {}
        self._methods: dict[type[yaml.Event], Callable[[Any], None]] = {
            yaml.ScalarEvent: self._take_scalar,
            yaml.MappingStartEvent: self._begin,
            yaml.SequenceStartEvent: self._begin,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._take_alias,
            yaml.DocumentStartEvent: self._begin_document,
        }

    def take(self, event: yaml.Event) -> None:
        """Take the next event."""
        if method := self._methods.get(type(event)):
            method(event)

    def _begin_document(self, event: yaml.DocumentStartEvent) -> None:
        if self.root is not None:
            self._refuse(event, "a second document", "one YAML document in the file")

    def _take_scalar(self, event: yaml.ScalarEvent) -> None:
        if event.tag is not None:
            self._check_tag(event)
        top = self._open[-1] if self._open else None
        if top is not None and isinstance(top.node.value, dict) and top.key is None:
            self._take_key(top, event)
        elif event.tag == _UNDEFINED:
            self._skip(top)
        else:
            text = self.restore(event.value)
            is_plain = event.implicit[0] or event.tag in _CORE_TAGS
            node = Node(_line(event), resolve(text) if is_plain else text)
            self._add(node, _SCALAR)
            if event.anchor:
                self._anchors[event.anchor] = _Anchor(node, _SCALAR)

    def _skip(self, top: _Open | None) -> None:
        """Leave out a value, with its key if it has one."""
        if top is not None:
            top.key = None

    def _take_key(self, top: _Open, event: yaml.ScalarEvent) -> None:
        key, line = sys.intern(self.restore(event.value)), _line(event)
        known = cast("dict[str, Node]", top.node.value).get(key)
        if known is not None:
            self._note(
                line,
                _join(top.path, key),
                found=f"the key a second time, after line {known.line_of_entry}",
                expected="each key once",
            )
        top.key, top.key_line = key, line

    def _begin(self, event: yaml.CollectionStartEvent) -> None:
        self._check_tag(event)
        if len(self._open) >= MAX_DEPTH:
            self._refuse(event, *_TOO_DEEP)
        node = Node(_line(event), {} if isinstance(event, yaml.MappingStartEvent) else [])
        if event.anchor:
            self._anchors[event.anchor] = _Anchor(node, None)
        self._open.append(_Open(node, self._path(), event.anchor))

    def _end(self, _event: yaml.CollectionEndEvent) -> None:
        done = self._open.pop()
        for merged in done.merged:
            self._merge(done, merged)
        if done.anchor:
            self._anchors[done.anchor] = _Anchor(done.node, done.extent)
        self._add(done.node, done.extent)

    def _take_alias(self, event: yaml.AliasEvent) -> None:
        anchor = self._anchors.get(event.anchor or "")
        if anchor is None:
            self._refuse(event, f"*{event.anchor}", "an anchor of that name before it")
        elif anchor.extent is None:
            self._refuse(event, f"*{event.anchor} inside itself", "an alias of a complete value")
        else:
            self._add(Node(anchor.node.line, anchor.node.value), anchor.extent)

    def _add(self, node: Node, extent: _Extent) -> None:
        """Add a complete node to the collection that is open, or make it the root."""
        if not self._open:
            self.root, self.extent = node, extent
            return
        top = self._open[-1]
        top.extent.add(extent)
        if top.extent.size > MAX_NODES:
            self._refuse_line(node.line, f"more than {MAX_NODES} values", "a smaller file")
        if len(self._open) + extent.depth > MAX_DEPTH:
            self._refuse_line(node.line, *_TOO_DEEP)
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
            # One int for both lines where they are equal: a large file has a million nodes.
            node.key_line = node.line if top.key_line == node.line else top.key_line
            mapping.setdefault(top.key, node)
        top.key = None

    def _merge(self, into: _Open, merged: Node) -> None:
        mapping = cast("dict[str, Node]", into.node.value)
        sources = merged.value if isinstance(merged.value, list) else [merged]
        for one in sources:
            if not isinstance(one.value, dict):
                path = _join(into.path, _MERGE)
                found = "something other than a mapping"
                self._note(one.line, path, found=found, expected="mappings to merge")
                continue
            for key, node in one.value.items():
                mapping.setdefault(key, node)

    def _check_tag(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.tag not in _KNOWN_TAGS:
            self._note(_line(event), self._path(), found=f"the tag {event.tag}", expected="no tag")

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
