"""The username of a user: checked as at sign-up.

Auth0: only databases with `requires_username` have usernames. Source: docs/fidelity.md.
"""

from __future__ import annotations

from mockidp.flows.accounts.new_user import mistake_in_username
from mockidp.management.operation import Call
from mockidp.management.refusals import invalid_body, not_supported
from mockidp.resources.connection import Connection
from mockidp.resources.strategies import DATABASE_STRATEGY

_NAME = "username"


def check_username(call: Call, connection: Connection, *, is_new: bool = False) -> None:
    """Check the username in the body against the options of the user's connection.

    Raises:
        ApiRefusal: The connection has no usernames, refuses this one, or needs one.
    """
    sent, options, name = call.body.get(_NAME), connection.options, connection.name
    if connection.strategy != DATABASE_STRATEGY:
        return
    with call.tenant.trace.check(_NAME, sent=sent, required=options.needs_username):
        if sent is None and is_new and options.needs_username:
            raise invalid_body(
                f"Missing required property: {_NAME}",
                hint=f"Connection {name} requires usernames. Send `{_NAME}` in the body.",
            )
        if sent is not None and not options.has_usernames:
            raise not_supported(
                "Cannot set username for connection without requires_username",
                hint=f"Set `options.requires_username: true` of connection {name}, or do not send "
                f"`{_NAME}`.",
            )
        if isinstance(sent, str) and (mistake := mistake_in_username(connection, sent)):
            _code, text = mistake
            raise invalid_body(
                text.rstrip("."), at=_NAME, hint=f"`{_NAME}` is {sent[:40]!r}. {text}"
            )
