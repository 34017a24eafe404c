"""A module of routes, which is imported with the first request for one of its paths.

Most mocks answer at a few endpoints only, and importing all of them with their flows takes a fifth
of the startup time.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from mockidp.frozen import frozen
from mockidp.web.routing.route import Route


@frozen(kw_only=False)
class RouteModule:
    """A module with `ROUTES`.

    Attributes:
        name: Its full name.
        paths: The paths of its routes.
    """

    name: str
    paths: tuple[str, ...]

    def routes(self) -> tuple[Route, ...]:
        """Import the module, and return its routes."""
        routes: tuple[Route, ...] = import_module(self.name).ROUTES
        return routes


def route_modules(
    package: str, paths: Mapping[str, str | tuple[str, ...]]
) -> tuple[RouteModule, ...]:
    """Return the modules of a package.

    Args:
        package: Its name.
        paths: The paths of each module, by the module's name in the package.
    """
    return tuple(
        RouteModule(f"{package}.{name}", (value,) if isinstance(value, str) else value)
        for name, value in paths.items()
    )
