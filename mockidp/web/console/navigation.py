"""The areas of the console, in the order of its navigation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from mockidp.frozen import frozen
from mockidp.resources.client import CLIENT
from mockidp.resources.registry import TYPES
from mockidp.resources.resource_type import ResourceType
from mockidp.tenant.tenant import Tenant

if TYPE_CHECKING:
    from mockidp.web.console.visit import Visit


TENANT, INSIDE, CONTROL = "Tenant", "Look inside", "Control"
"""The groups."""


@frozen
class Area:
    """One entry of the navigation.

    Attributes:
        name: Its name in the path; empty for the overview.
        title: Its title.
        group: The heading above it.
        icon: The name of its icon.
        key: The letter that opens it after `g`; empty for none.
        count: Returns the number next to it; None for none.
    """

    name: str
    title: str
    group: str = ""
    icon: str = ""
    key: str = ""
    count: Callable[[Tenant], int | None] = lambda _tenant: None


def _rank(kind: ResourceType[Any]) -> int:
    first = list(_ICONS)
    return first.index(kind.plural) if kind.plural in first else len(first)


def _published_keys(tenant: Tenant) -> int:
    return len(tenant.keys.published)


_NAMES = {CLIENT.plural: ("applications", "Applications", "app")}
_ICONS = {
    "users": "user",
    "clients": "app",
    "apis": "api",
    "connections": "connection",
    "organizations": "people",
    "roles": "role",
    "client_grants": "grant",
    "token_exchange_profiles": "exchange",
    "custom_domains": "globe",
}
"""The icons of the types that come first."""
_KEYS = {"users": "u", "applications": "a"}


def area_of(kind: ResourceType[Any]) -> Area:
    """Return the area with the records of a type."""
    title = kind.words_plural[0].upper() + kind.words_plural[1:]
    name, title, icon = _NAMES.get(
        kind.plural, (kind.path.removeprefix("/"), title, _ICONS.get(kind.plural, "dash"))
    )
    return Area(
        name=name,
        title=title,
        group=TENANT,
        icon=icon,
        key=_KEYS.get(name, ""),
        count=lambda tenant: len(tenant.directory.records[kind.plural]),
    )


AREAS: tuple[Area, ...] = (
    Area(name="", title="Overview", icon="home"),
    Area(name="try", title="Test client", icon="open"),
    *map(area_of, sorted(TYPES, key=_rank)),
    Area(name="settings", title="Settings", group=TENANT, icon="settings", key="s"),
    Area(
        name="journal",
        title="Journal",
        group=INSIDE,
        icon="journal",
        key="j",
        count=lambda tenant: len(tenant.journal),
    ),
    Area(name="link", title="Link doctor", group=INSIDE, icon="link", key="l"),
    Area(name="inspect", title="Inspector", group=INSIDE, icon="inspect", key="i"),
    Area(
        name="outbox",
        title="Outbox",
        group=INSIDE,
        icon="mail",
        key="o",
        count=lambda tenant: len(tenant.outbox),
    ),
    Area(
        name="faults",
        title="Faults",
        group=CONTROL,
        icon="fault",
        key="f",
        count=lambda tenant: len(tenant.faults),
    ),
    Area(name="clock", title="Clock", group=CONTROL, icon="clock", key="c"),
    Area(name="keys", title="Keys", group=CONTROL, icon="key", key="k", count=_published_keys),
)


@frozen
class NavigationLink:
    """An entry as a page shows it."""

    area: Area
    url: str
    count: int | None


def links(visit: Visit) -> Iterable[NavigationLink]:
    """Return the entries for a visit."""
    return [
        NavigationLink(area=area, url=visit.link(area.name), count=area.count(visit.tenant))
        for area in AREAS
    ]
