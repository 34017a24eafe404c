"""`/_mockidp/inspect`: what a token, a code or a callback URL contains, and whether it is valid.

It is posted, so that it is in no history and in no log, and is only read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from mockidp.flows.hints.timestamps import date_and_time
from mockidp.frozen import frozen
from mockidp.protocol.tokens.jwt import is_numeric_date
from mockidp.testing.methods.explain import EXPLAIN, ExplainRequest, Explanation
from mockidp.web.console.presented import read_presented
from mockidp.web.console.visit import Visit, asking, showing
from mockidp.web.response.reply import Reply

_MEANINGS: Mapping[str, str] = {
    "iss": "The issuer. Your client compares it with the issuer that it is configured with.",
    "sub": "The user, or the client with `@clients` appended.",
    "aud": "For whom it is: the client id in an ID token, the API in an access token.",
    "azp": "The client that requested it.",
    "exp": "When it expires.",
    "nbf": "When it becomes valid.",
    "iat": "When it was issued.",
    "auth_time": "When the user logged in.",
    "nonce": "The value of the authorization request. Your client compares the two.",
    "scope": "What the client may do.",
    "permissions": "What the user may do at the API.",
    "sid": "The session.",
    "org_id": "The organization of the login.",
    "at_hash": "Belongs to the access token that was issued with it.",
    "c_hash": "Belongs to the code that was issued with it.",
    "act": "Who acts for the user.",
    "acr": "How securely the user logged in.",
    "amr": "The methods of the login.",
}
_TIMES = ("exp", "nbf", "iat", "auth_time", "updated_at")


@frozen
class ShownClaim:
    """One claim: its name, its value as JSON, a time in words, what it means, where it is from."""

    name: str
    value: str
    time: str = ""
    meaning: str = ""
    source: str = ""


def _show(visit: Visit) -> Reply:
    thing = read_presented(visit)
    if thing:
        return _inspect(visit, thing)
    return visit.page("inspect", title="Inspector", area="inspect", thing="", found=None)


def _inspect_sent(visit: Visit) -> Reply:
    return _inspect(visit, (visit.form.get("thing") or "").strip())


def _inspect(visit: Visit, thing: str) -> Reply:
    found = EXPLAIN.function(visit, ExplainRequest(thing=thing))
    return visit.page(
        "inspect",
        title="Inspector",
        area="inspect",
        thing=thing,
        found=found,
        header=_as_json(found.decoded["header"]) if "header" in found.decoded else "",
        claims=_claims(found),
    )


def _claims(found: Explanation) -> list[ShownClaim]:
    """Return the claims of a JWT, or the parts of something else."""
    claims = found.decoded.get("claims", found.decoded)
    return [*shown_claims(claims, found.decoded.get("custom_claims", {}))]


def shown_claims(claims: Mapping[str, Any], sources: Mapping[str, Any]) -> Iterator[ShownClaim]:
    """Yield claims with their meaning, and the custom claims that made them."""
    for name, value in claims.items():
        is_time = name in _TIMES and is_numeric_date(value)
        yield ShownClaim(
            name=name,
            value=value if isinstance(value, str) else _as_json(value),
            time=date_and_time(value) if is_time else "",
            meaning=_MEANINGS.get(name, ""),
            source=_as_json(sources[name]) if name in sources else "",
        )


def _as_json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


ROUTES = (showing("/inspect", _show), asking("/inspect", _inspect_sent))
