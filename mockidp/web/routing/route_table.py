"""Find the route of a path and a method.

Werkzeug's routing needs 0.3 ms for each route at every start, to be able to build URLs as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from mockidp.web.routing.route import Route
from mockidp.web.routing.route_module import RouteModule

ID = "{id}"
"""In the path of a route: at least one character, of which the first is no slash."""
_METHODS = Mapping[str, Route]


class RouteTable:
    """Routes by path and method. A slash at the end of a path makes no difference."""

    def __init__(
        self,
        routes: Iterable[Route],
        *,
        modules: Iterable[RouteModule] = (),
        is_raw: bool = False,
    ) -> None:
        """Create the table.

        Args:
            routes: Routes.
            modules: Modules of more routes. Each is imported with the first request for one of its
                paths.
            is_raw: Whether paths are given as they were sent. If so, `ID` is one segment.
        """
        self._sources: dict[str, list[Callable[[], Iterable[Route]]]] = {}
        for route in routes:
            self._add(route.path, _just(route))
        for module in modules:
            for path in module.paths:
                self._add(path, module.routes)
        self._methods: dict[str, _METHODS] = {}
        # The longest first, so that what follows the variable part decides.
        patterns = sorted((path for path in self._sources if ID in path), key=len, reverse=True)
        variable = "[^/]+" if is_raw else "[^/].*"
        self._patterns = [(_compile(path, variable), path) for path in patterns]

    def _add(self, path: str, source: Callable[[], Iterable[Route]]) -> None:
        self._sources.setdefault(path.rstrip("/"), []).append(source)

    def find(self, path: str, method: str) -> Route | None:
        """Return the route of a request."""
        return next((methods[method] for methods in self._at(path) if method in methods), None)

    def methods_at(self, path: str) -> tuple[str, ...]:
        """Return the methods that a path accepts, sorted; none if it has no route."""
        return tuple(sorted({method for methods in self._at(path) for method in methods}))

    def _at(self, path: str) -> Iterable[_METHODS]:
        path = path.removesuffix("/")
        if path in self._sources and ID not in path:
            yield self._methods_of(path)
        for pattern, key in self._patterns:
            if pattern.fullmatch(path):
                yield self._methods_of(key)

    def _methods_of(self, path: str) -> _METHODS:
        """Return the routes of a path in the table by method. The first call imports modules."""
        if path not in self._methods:
            routes = (route for source in self._sources[path] for route in source())
            self._methods[path] = {
                method: route
                for route in routes
                if route.path.rstrip("/") == path
                for method in route.all_methods
            }
        return self._methods[path]


def _just(route: Route) -> Callable[[], Iterable[Route]]:
    return lambda: (route,)


def _compile(path: str, variable: str) -> re.Pattern[str]:
    return re.compile(re.escape(path).replace(re.escape(ID), variable))
