"""The faults that fire at one point of an exchange."""

from __future__ import annotations

import logging
from dataclasses import replace

from mockidp.faults import FaultContext, FaultHit
from mockidp.protocol.oauth_error import ServerError
from mockidp.tenant.tenant import Tenant

_logger = logging.getLogger("mockidp.faults")


def fire_at_endpoint(tenant: Tenant, occasion: FaultContext) -> tuple[FaultHit, ...]:
    """Return the faults that spoil an exchange, from whose beginning on more may fire.

    Raises:
        ServerError: A function that a test gave as a predicate has raised.
    """
    tenant.trace.occasion = occasion
    return _fire(tenant, occasion, anywhere=True)


def fire(
    tenant: Tenant,
    endpoint: str,
    *,
    client: str | None = None,
    user: str | None = None,
    audience: str | None = None,
) -> tuple[FaultHit, ...]:
    """Return the faults that spoil what an exchange brings forth; outside of one nothing fires.

    Args:
        tenant: Whose exchange it is.
        endpoint: `callback`, or the kind of a token.
        client: Whom it is for, if more is known by now.
        user: Whom it is about, if more is known by now.
        audience: The API, if more is known by now.

    Raises:
        ServerError: A function that a test gave as a predicate has raised.
    """
    exchange = tenant.trace.occasion
    if exchange is None:
        return ()
    occasion = replace(
        exchange,
        endpoint=endpoint,
        client=client or exchange.client,
        user=user or exchange.user,
        audience=audience or exchange.audience,
    )
    return _fire(tenant, occasion)


def _fire(
    tenant: Tenant, occasion: FaultContext, *, anywhere: bool = False
) -> tuple[FaultHit, ...]:
    try:
        return tenant.faults.fire(occasion, anywhere=anywhere)
    except Exception as error:
        _logger.exception("the predicate of a fault at %s has raised", occasion.endpoint)
        raised = f"{type(error).__name__}: {error}"
        refusal = ServerError(
            "Internal error",
            hint=f"the function given as `when` to a fault has raised {raised}; see the log",
        )
        tenant.trace.refuse("fault", refusal, endpoint=occasion.endpoint)
        raise refusal from error
