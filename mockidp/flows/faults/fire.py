"""The faults that fire at one point of an exchange."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mockidp.tenant.faults import Firing
from mockidp.tenant.tenant import Tenant


def fire(tenant: Tenant, where: str, **known: Any) -> tuple[Firing, ...]:
    """Return the faults that spoil what an exchange brings forth.

    Args:
        tenant: Whose exchange it is; outside of one nothing fires.
        where: `callback`, or the kind of a token.
        **known: What is known of it by now: `client`, `user`, `audience`.
    """
    exchange = tenant.trace.occasion
    if exchange is None:
        return ()
    known = {name: value for name, value in known.items() if value is not None}
    return tenant.faults.fire(replace(exchange, where=where, **known))
