"""What a refused exchange has presented: the link, token or code, by the number of the exchange.

The journal shows it cut. The URL of a diagnosis contains only the number, so that the secret is in
no history and in no log.
"""

from __future__ import annotations

from mockidp.frozen import frozen
from mockidp.protocol.errors.problem import Problem
from mockidp.tenant.journal.entry import JournalEntry
from mockidp.web.console.guard import read_only_reason
from mockidp.web.console.journal.flow import is_refused
from mockidp.web.console.journal.number import parse_number
from mockidp.web.console.visit import Visit
from mockidp.web.pipeline.journal import LINKS


@frozen(kw_only=False)
class Diagnosis:
    """The page that explains what was refused: its URL, and the text of its button."""

    url: str
    title: str


def diagnosis_of(visit: Visit, entry: JournalEntry) -> Diagnosis | None:
    """Return where an exchange is explained; None if nothing is known that can be explained."""
    if read_only_reason(visit.exchange) or not _presented(visit, entry):
        return None
    number = str(entry.number)
    if entry.endpoint in LINKS:
        return Diagnosis(visit.link("link", entry=number), "Diagnose this link")
    return Diagnosis(visit.link("inspect", entry=number), "Inspect what was sent")


def read_presented(visit: Visit) -> str:
    """Return what the exchange in `?entry=` has presented; empty without that parameter.

    Raises:
        Problem: 404 if it is not known, 403 if others could read it.
    """
    sent = visit.query.get("entry")
    if sent is None:
        return ""
    if read_only_reason(visit.exchange):
        raise Problem(
            403,
            "Other machines can reach this mock, and it requires no control token, so the console "
            "shows no complete links, tokens and codes. Set MOCKIDP_CONTROL_TOKEN, or paste it.",
        )
    number = parse_number(sent)
    found = [_presented(visit, one) for one in visit.tenant.journal if one.number == number]
    if not any(found):
        raise Problem(
            404,
            f"The link, token or code of exchange {sent} is not known. It is kept for the latest "
            "refusals only, until the journal is cleared.",
        )
    return found[0]


def _presented(visit: Visit, entry: JournalEntry) -> str:
    """Return what an exchange has presented; empty if it was not refused, or too long ago."""
    return visit.tenant.presented.get(entry.request_id) if is_refused(entry) else ""
