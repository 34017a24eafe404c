"""The e-mails and text messages that Auth0 would have sent."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from mockidp.flows.hints.timestamps import date_and_time
from mockidp.tenant.outbox import Message
from mockidp.testing.method import NoParameters
from mockidp.testing.methods.outbox import CLEAR_OUTBOX, READ_OUTBOX, OutboxQuery
from mockidp.web.console.visit import Visit, changing, showing
from mockidp.web.response.reply import Reply

MAX_ROWS = 100
"""The number of messages on the page."""
_LINKED = ("http://", "https://")


def _show(visit: Visit) -> Reply:
    found = READ_OUTBOX.function(visit, OutboxQuery())
    rows = [_describe(one) for one in islice(reversed(found), MAX_ROWS)]
    return visit.page(
        "outbox", title="Outbox", area="outbox", rows=rows, more=len(found) - len(rows)
    )


def _describe(message: Message) -> Mapping[str, Any]:
    link = message.link or ""
    return {
        "message": message,
        "at": date_and_time(message.at),
        "medium": "e-mail" if message.subject else "text message",
        "is_linked": link.lower().startswith(_LINKED),
    }


def _clear(visit: Visit) -> Reply:
    CLEAR_OUTBOX.function(visit, NoParameters())
    return visit.go(visit.link("outbox"))


ROUTES = (showing("/outbox", _show), changing("/outbox/clear", _clear))
