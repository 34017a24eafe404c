"""What keeps a page elsewhere from steering the mock: JSON only, and no other origin.

A browser sends JSON across origins only after a preflight, which is never answered here; the
Host allow-list has kept rebound names out before.
"""

from __future__ import annotations

from mockidp.protocol.oauth_error import AccessDenied, InvalidRequest
from mockidp.protocol.origin import origin_of
from mockidp.web.exchange import Exchange


def guarded_body(
    exchange: Exchange, *, known: tuple[str, ...], numbers: tuple[str, ...] = ()
) -> dict[str, str]:
    """Return the JSON body of a call that may change something; None counts as absent.

    Values are texts; those named in `numbers` may be whole numbers, too.

    Raises:
        AccessDenied: The call comes from a page of another origin.
        InvalidRequest: Not JSON, not an object of texts, or a key that is not known.
    """
    origin = exchange.request.headers.get("Origin")
    if origin is not None and origin != origin_of(exchange.base_url):
        raise AccessDenied(
            "Cross-origin request", hint=f"a page of {origin} may not steer this mock"
        )
    if exchange.request.mimetype != "application/json":
        raise InvalidRequest(
            "Unsupported content type",
            status=415,
            hint=f"Content-Type is {exchange.request.mimetype!r}; application/json is expected",
        )
    parameters = exchange.body()
    unknown = [name for name in parameters if name not in known]
    if unknown:
        raise InvalidRequest(
            f"Unknown property: {unknown[0]}",
            hint=f"{unknown[0]!r} is not known here; known are {', '.join(known)}",
        )
    whole = {name: str(n) for name in numbers if type(n := parameters.raw().get(name)) is int}
    texts = {name: parameters.get(name) for name in parameters if name not in whole}
    return whole | {name: text for name, text in texts.items() if text is not None}


def refuse(message: str) -> InvalidRequest:
    """Return the refusal of a call that asks for what does not exist."""
    return InvalidRequest(message, hint=message)
