"""Sign in as User, as Auth0's old dashboard had it on the page of a user.

Auth0: docs/fidelity.md, "Impersonation". The state is empty by default, and there is no audience.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from mockidp.errors import MockIdPError
from mockidp.flows.hints.timestamps import clock_time
from mockidp.flows.impersonation.offered import offer
from mockidp.frozen import frozen
from mockidp.resources.client import Client
from mockidp.resources.user import User
from mockidp.tenant.state.stores import USER as BY_USER
from mockidp.testing.methods.link import IMPERSONATION_LINK, NewLink
from mockidp.web.console.visit import Visit

_MAX_LINKS = 10
_SPA = "spa"


@frozen
class MadeLink:
    """A link of the user: for which application, and what became of it."""

    client: str
    state: str
    made_at: str
    fate: str


def user_values(visit: Visit, user: User) -> Mapping[str, Any]:
    """Return what the page of a user shows in addition to the record."""
    return _values(visit, user, form=NewLink(user=user.user_id, scope="openid"))


def _values(visit: Visit, user: User, *, form: NewLink, **more: object) -> dict[str, Any]:
    impersonation = visit.tenant.settings.impersonation
    return {
        "offer": offer(visit.tenant, visit.url, user),
        "sent": form,
        "made": None,
        "left": 0,
        "refused": "",
        "links": [*_links(visit, user)],
        "requires_state": impersonation.require_state,
        "honours_audience": impersonation.honour_audience,
        **more,
    }


def make_link(visit: Visit, user: User) -> tuple[int, Mapping[str, Any]]:
    """Make the link that the form describes. Return the status of the page, and what it shows."""
    form = visit.form
    client = visit.tenant.directory.client(form.get("client_id") or "")
    sent = NewLink(
        user=user.user_id,
        client=form.get("client_id"),
        callback_url=form.get("callback_url"),
        state=form.get("state"),
        scope=form.get("scope"),
        audience=form.get("audience"),
        **_answer_of(client, form.get("response_type"), form.get("response_mode")),
    )
    try:
        made = IMPERSONATION_LINK.function(visit, sent)
    except MockIdPError as error:
        return HTTPStatus.BAD_REQUEST, _values(visit, user, form=sent, refused=str(error))
    left = int(made.expires_at - visit.tenant.now())
    return HTTPStatus.OK, _values(visit, user, form=sent, made=made, left=left)


def _answer_of(
    client: Client | None, response_type: str | None, response_mode: str | None
) -> dict[str, Any]:
    """Return how the application gets its answer: a single-page app always by GET, as a token."""
    if client is not None and client.app_type == _SPA:
        return {"response_type": "token", "response_mode": None}
    mode = "form_post" if response_mode == "post" else None
    return {"response_type": response_type, "response_mode": mode}


def _links(visit: Visit, user: User) -> Iterator[MadeLink]:
    """Yield the last links for a user, the latest first."""
    entries = [entry for _, entry in visit.tenant.links.scan(BY_USER, user.user_id)]
    for entry in entries[: -_MAX_LINKS - 1 : -1]:
        link = entry.value
        fate = f"valid until {clock_time(link.expires_at)}"
        if entry.taken_at is not None:
            fate = f"used at {clock_time(entry.taken_at)}"
        elif visit.tenant.now() >= link.expires_at:
            fate = f"expired at {clock_time(link.expires_at)}"
        yield MadeLink(
            client=link.client_id,
            state=link.state or "",
            made_at=clock_time(link.created_at),
            fate=fate,
        )
