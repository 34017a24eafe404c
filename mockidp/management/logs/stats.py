"""Statistics of logins and sign-ups, counted in the logs. Source: docs/fidelity.md."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from mockidp.management.logs.log_record import logs_of
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_query
from mockidp.tenant.timestamps import timestamp

_READ = ("read:stats",)
_ACTIVE = 30 * 86400
"""Seconds after a login in which a user is active."""
_COUNTED = {"s": "logins", "sepft": "logins", "ss": "signups", "pwd_leak": "leaked_passwords"}
"""The statistic in which each type of log is counted."""
_DAY = re.compile(r"[0-9]{8}")


def _active_users(call: Call) -> int:
    since = timestamp(call.tenant.now() - _ACTIVE)
    return len(
        {
            one["user_id"]
            for one in logs_of(call.tenant)
            if _COUNTED.get(one["type"]) == "logins" and one["date"] >= since
        }
    )


def _daily(call: Call) -> list[dict[str, Any]]:
    first, last = _day(call, "from", "0" * 8), _day(call, "to", "9" * 8)
    days: dict[str, Counter[str]] = {}
    for one in logs_of(call.tenant):
        day = one["date"][:10]
        if first <= day.replace("-", "") <= last and (counted := _COUNTED.get(one["type"])):
            days.setdefault(day, Counter())[counted] += 1
    return [_show(day, counts) for day, counts in sorted(days.items())]


def _show(day: str, counts: Counter[str]) -> dict[str, Any]:
    date = f"{day}T00:00:00.000Z"
    return {
        "date": date,
        "created_at": date,
        "leaked_passwords": counts["leaked_passwords"],
        "logins": counts["logins"],
        "signups": counts["signups"],
        "updated_at": date,
    }


def _day(call: Call, name: str, default: str) -> str:
    sent = call.query.get(name, default)
    with call.tenant.trace.check("day", of=name, sent=sent):
        if not _DAY.fullmatch(sent):
            raise invalid_query(
                "String does not match pattern ^[0-9]{8}$",
                at=name,
                hint=f"`{name}` is {sent[:40]!r}. Send a day as YYYYMMDD.",
            )
    return sent


OPERATIONS = (
    Operation(
        title="Get active users count", method="GET", path="/stats/active-users", scopes=_READ,
        handler=_active_users,
    ),
    Operation(
        title="Get daily stats", method="GET", path="/stats/daily", scopes=_READ, handler=_daily,
        query=frozenset({"from", "to"}),
    ),
)  # fmt: skip
