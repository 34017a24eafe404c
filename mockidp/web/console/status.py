"""What is not as usual in a tenant.

Every page of the console shows it, because a forgotten fault or clock looks like a bug of the app.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mockidp.flows.hints.timestamps import clock_time
from mockidp.flows.login.passwords.brute_force import blocks_of
from mockidp.frozen import frozen
from mockidp.storage.memory import MemoryBackend
from mockidp.tenant.tenant import Tenant
from mockidp.web.console.duration import in_words
from mockidp.web.tenants.router import TENANTS_KEY, TenantRouter

if TYPE_CHECKING:
    from mockidp.web.console.visit import Visit


@frozen
class Unusual:
    """One thing that is not as usual: its text, its icon, and the page about it."""

    text: str
    icon: str
    url: str


def unusual(visit: Visit) -> list[Unusual]:
    """Return everything that is not as usual."""
    return [
        *_faults(visit),
        *_clock(visit),
        *_blocked_users(visit),
        *_settings(visit),
        *_server(visit),
    ]


def _faults(visit: Visit) -> Iterator[Unusual]:
    faults = len(visit.tenant.faults)
    if faults:
        yield Unusual(text=_counted(faults, "active fault"), icon="fault", url=visit.link("faults"))


def _clock(visit: Visit) -> Iterator[Unusual]:
    clock, url = visit.tenant.clock.setting, visit.link("clock")
    if clock.frozen_at is not None:
        text = f"clock stopped at {clock_time(clock.frozen_at)}"
        yield Unusual(text=text, icon="clock", url=url)
    elif clock.offset:
        direction = "ahead" if clock.offset > 0 else "behind"
        text = f"clock {in_words(clock.offset)} {direction}"
        yield Unusual(text=text, icon="clock", url=url)
    if clock.skew:
        text = f"tokens are stamped {clock.skew:+.0f} s ahead"
        yield Unusual(text=text, icon="clock", url=url)


def _blocked_users(visit: Visit) -> Iterator[Unusual]:
    blocked = _blocked(visit.tenant)
    if blocked:
        path = ("users", *blocked) if len(blocked) == 1 else ("users",)
        yield Unusual(
            text=_counted(len(blocked), "blocked user"), icon="user", url=visit.link(*path)
        )


def _blocked(tenant: Tenant) -> set[str]:
    """Return the ids of users blocked by an administrator or by brute-force protection."""
    failed = {entry.value.subject for _, entry in tenant.failed_logins.scan()}
    by_protection = {one for one in failed if blocks_of(tenant, one, is_user=True)}
    return by_protection | {one.user_id for one in tenant.directory.users.values() if one.blocked}


def _settings(visit: Visit) -> Iterator[Unusual]:
    tenant, url = visit.tenant, visit.link()
    if tenant.settings.rate_limits != "off":
        yield Unusual(text="rate limits apply", icon="warning", url=visit.link("settings"))
    seed = tenant.ids.state()
    if seed is not None:
        yield Unusual(text=f"seed {seed.seed[:20]}", icon="role", url=url)
    if type(tenant.backend) is not MemoryBackend:
        yield Unusual(text="state survives a restart", icon="copy", url=url)


def _server(visit: Visit) -> Iterator[Unusual]:
    router: TenantRouter = visit.exchange.environ[TENANTS_KEY]
    others = len(router.additional.names())
    if others and visit.tenant is router.tenant:
        yield Unusual(text=_counted(others, "additional tenant"), icon="people", url=visit.link())
    if router.is_exposed:
        yield Unusual(text="reachable from other machines", icon="warning", url=visit.link())


def _counted(count: int, name: str) -> str:
    return f"{count} {name}{'s' if count > 1 else ''}"
