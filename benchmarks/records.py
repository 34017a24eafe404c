"""The time to add, patch, find and delete a user among 10 users and among 100,000.

A user is found as a login does it, by e-mail address in the connections of a client. The same for a
session in a full store, whose oldest session is deleted. Each round is a process that measures both
tenants alternately.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from scratch import Scratch
from table import Row, medians, ratio

FEW = 10
MANY = 100_000
_REPEATS = 200
_DATABASE = "Username-Password-Authentication"
_Times = dict[str, dict[str, float]]


def measure(scratch: Scratch, *, quick: bool) -> list[Row]:
    """Measure in several processes, one after the other."""
    rounds = [_process(scratch) for _round in range(1 if quick else 3)]
    return [_row(what, [one[what] for one in rounds]) for what in rounds[0]]


def _row(what: str, rounds: list[dict[str, float]]) -> Row:
    figures = {name: [one[name] for one in rounds] for name in rounds[0]}
    return Row(
        what=f"{what} among {MANY:,} / among {FEW}",
        figures=medians(figures, " us", digits=1),
        samples=figures,
        value=ratio(figures, f"{MANY:,}", str(FEW)),
        bar=1.5,
        at_most=True,
    )


def _process(scratch: Scratch) -> _Times:
    done = subprocess.run(
        (scratch.python, __file__), capture_output=True, text=True, check=True, timeout=300
    )
    times: _Times = json.loads(done.stdout)
    return times


def _measure() -> _Times:
    from mockidp.resources.user import USER
    from mockidp.testing import records

    tenants = {str(FEW): _tenant(FEW), f"{MANY:,}": _tenant(MANY)}
    for tenant in tenants.values():
        # Half as many again, because deleting the oldest ones is slow in some structures.
        for number in range(tenant.settings.capacity * 3 // 2):
            _add_session(tenant, -number)
    steps: dict[str, Callable[[Any, int], object]] = {
        "add a user": lambda tenant, number: records.add(tenant, USER, f"new{number}", {}),
        "patch a user": lambda tenant, number: records.patch(
            tenant, USER, f"auth0|new{number}", {"nickname": "new"}
        ),
        "find a user": lambda tenant, number: tenant.directory.find_user(
            f"NEW{number}@acme.example", [_DATABASE]
        ),
        "delete a user": lambda tenant, number: records.remove(tenant, USER, f"auth0|new{number}"),
        "add a session to a full store,": _add_session,
    }
    return {what: _time(step, tenants) for what, step in steps.items()}


def _time(step: Callable[[Any, int], object], tenants: dict[str, Any]) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in tenants}
    for number in range(_REPEATS):
        for name, tenant in tenants.items():
            started = time.perf_counter()
            assert step(tenant, number)
            times[name].append((time.perf_counter() - started) * 1e6)
    return {name: median(values) for name, values in times.items()}


def _tenant(count: int) -> object:
    from mockidp.resources.user import User
    from mockidp.tenant.content.document import TenantDocument
    from mockidp.tenant.content.settings import Settings
    from mockidp.tenant.tenant import Tenant

    users = (
        User(user_id=f"auth0|{number}", email=f"user{number}@acme.example")
        for number in range(count)
    )
    return Tenant(TenantDocument(users=users, mockidp=Settings(capacity=count)))


def _add_session(tenant: Any, number: int) -> object:
    from mockidp.protocol.tokens.artifacts import Session

    session = Session(
        id=f"session{number}",
        sid=f"sid{number}",
        user_id=f"auth0|{number % FEW}",
        auth_time=0.0,
        absolute_expires_at=0.0,
    )
    tenant.sessions.put(session.id, session)
    return session


if __name__ == "__main__":
    json.dump(_measure(), sys.stdout)
