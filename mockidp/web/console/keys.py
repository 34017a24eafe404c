"""`/_mockidp/keys`: the keys of the JWKS, which can be rotated and revoked."""

from __future__ import annotations

from mockidp.testing.method import NoParameters
from mockidp.testing.methods.state import LIST_KEYS, REVOKE_KEY, ROTATE_KEYS
from mockidp.web.console.visit import Visit, changing, showing
from mockidp.web.response.reply import Reply


def _show(visit: Visit) -> Reply:
    keys = LIST_KEYS.function(visit, NoParameters())
    return visit.page("keys", title="Keys", area="keys", keys=keys)


def _rotate(visit: Visit) -> Reply:
    ROTATE_KEYS.function(visit, NoParameters())
    return visit.go(visit.link("keys"))


def _revoke(visit: Visit) -> Reply:
    REVOKE_KEY.function(visit, visit.form.get("kid") or "")
    return visit.go(visit.link("keys"))


ROUTES = (
    showing("/keys", _show),
    changing("/keys/rotate", _rotate),
    changing("/keys/revoke", _revoke),
)
