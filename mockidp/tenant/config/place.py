"""Navigate the tree of a tenant file, which may be incomplete or wrong."""

from __future__ import annotations

from collections.abc import Iterator

from mockidp.codec.mistakes import Path
from mockidp.codec.node import Node
from mockidp.codec.placeholders import unresolved_placeholder
from mockidp.frozen import frozen


@frozen(kw_only=False)
class Place:
    """A node and its path. Missing values and values of the wrong type are skipped."""

    node: Node
    path: Path

    def get(self, key: str) -> Place | None:
        """Return the value under a key of a mapping."""
        entries = self.node.value if isinstance(self.node.value, dict) else {}
        return Place(entries[key], (*self.path, key)) if key in entries else None

    def step(self, key: str) -> Place:
        """Return the value under a key of a mapping; an empty one if it is missing."""
        return self.get(key) or Place(Node(0, None), (*self.path, key))

    @property
    def key(self) -> str:
        """The last step of the path."""
        return str(self.path[-1])

    def children(self) -> Iterator[Place]:
        """Yield the values of a mapping."""
        entries = self.node.value if isinstance(self.node.value, dict) else {}
        for key, node in entries.items():
            yield Place(node, (*self.path, key))

    def items(self, key: str) -> Iterator[Place]:
        """Yield the items of the list under a key."""
        place = self.get(key)
        if place and isinstance(place.node.value, list):
            for index, node in enumerate(place.node.value):
                yield Place(node, (*place.path, index))

    @property
    def text(self) -> str:
        """The string; empty if it is a placeholder without a value."""
        value = self.node.value
        return value if isinstance(value, str) and not unresolved_placeholder(value) else ""

    def text_of(self, key: str) -> str:
        """Return the string under a key."""
        place = self.get(key)
        return place.text if place else ""

    def is_true(self, key: str) -> bool:
        """Return whether the value under a key is `true`."""
        place = self.get(key)
        return place is not None and place.node.value is True
