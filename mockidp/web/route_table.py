"""Find the route of a path and a method.

Werkzeug's routing needs 0.3 ms for each route at every start, to be able to build URLs as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from mockidp.web.route import Route

ID = "{id}"
"""In the path of a route: at least one character, of which the first is no slash."""
_METHODS = Mapping[str, Route]


class RouteTable:
    """Routes by path and method. A slash at the end of a path makes no difference."""

    def __init__(self, routes: Iterable[Route], *, is_raw: bool = False) -> None:
        """Create the table.

        Args:
            routes: The routes.
            is_raw: Whether paths are given as they were sent. If so, `ID` is one segment.
        """
        self._plain: dict[str, dict[str, Route]] = {}
        patterns: dict[str, dict[str, Route]] = {}
        for route in routes:
            paths = patterns if ID in route.path else self._plain
            methods = paths.setdefault(route.path.rstrip("/"), {})
            methods.update(dict.fromkeys(route.all_methods, route))
        # The longest first, so that what follows the variable part decides.
        self._patterns = [
            (_compile(path, "[^/]+" if is_raw else "[^/].*"), patterns[path])
            for path in sorted(patterns, key=len, reverse=True)
        ]

    def find(self, path: str, method: str) -> Route | None:
        """Return the route of a request."""
        found = (methods.get(method) for methods in self._at(path))
        return next((route for route in found if route is not None), None)

    def methods_at(self, path: str) -> tuple[str, ...]:
        """Return the methods that a path accepts, sorted; none if it has no route."""
        return tuple(sorted({method for methods in self._at(path) for method in methods}))

    def _at(self, path: str) -> Iterable[_METHODS]:
        path = path.removesuffix("/")
        if path in self._plain:
            yield self._plain[path]
        for pattern, methods in self._patterns:
            if pattern.fullmatch(path):
                yield methods


def _compile(path: str, variable: str) -> re.Pattern[str]:
    return re.compile(re.escape(path).replace(re.escape(ID), variable))
