"""Checks of every exchange in the wire tests."""

import json
import re

import pytest

from helpers.hint_form import form_mistakes
from helpers.tenants import REPLICAS
from mockidp.flows.impersonation import request as impersonation_request
from mockidp.protocol.tokens.jwt import UnsignedToken
from mockidp.tenant.ids import Ids
from mockidp.web.pipeline import journal as journal_step
from mockidp.web.pipeline import pipeline

REFUSED_BEFORE_ANY_FLOW = re.compile(
    r"Parameter '\w+' must be a string|Parameters must |Too many parameters|Duplicate parameter: "
    r"|Invalid JSON|Unsupported content type|Request Entity Too Large|Request-URI Too Large"
    r"|Invalid Host header|Invalid forwarded header|Unknown host|Multiple access tokens|Not Found|.* is not implemented by "
    r"mockidp|Missing required property: |Invalid type: |Invalid ttl|Unsupported response type: "
    r"|Unsupported protocol: |Bad Request"
)
"""The descriptions of requests that are refused before a flow is called."""
_ALWAYS_WITH_HINT = ("management", "my_account")
"""The endpoints whose refusals all have a hint."""


@pytest.fixture(autouse=True)
def every_exchange_is_traced(monkeypatch):
    """Check each exchange after the test, except those with faults. None may contain a secret."""
    entries, secrets = [], []
    keep(monkeypatch, journal_step, "JournalEntry", entries)
    monkeypatch.setattr(pipeline, "record", record_and_read)
    keep(monkeypatch, impersonation_request, "make_bewit", secrets)
    keep(monkeypatch, UnsignedToken, "sign", secrets)
    for name in ("code", "opaque_token", "refresh_token", "scim_token", "secret"):
        keep(monkeypatch, Ids, name, secrets)
    yield
    for entry in entries:
        if not (entry.is_bug or entry.faults):
            _check(entry)
        assert form_mistakes(entry.hint) == [], entry.hint
        recorded = json.dumps(entry.to_dict(), ensure_ascii=False)
        assert [one for one in secrets if one in recorded] == [], entry


def record_and_read(exchange, outcome, now):
    """Record an exchange, and let its entry be built at once, as replicas always do."""
    journal_step.record(exchange, outcome, now)
    if not REPLICAS.are_used:
        len(exchange.tenant.journal)


def keep(monkeypatch, owner, name, kept):
    """Collect the results of a function, which several threads may call at once."""
    function = getattr(owner, name)

    def collect(*args, **named):
        result = function(*args, **named)
        kept.append(result)
        return result

    monkeypatch.setattr(owner, name, collect)


def _check(entry):
    failed = [check for check in entry.trace if not check.passed]
    if entry.error is None:
        assert failed == [], entry
        return
    assert failed == [entry.trace[-1]], entry
    # Only sentences about faults, unread parameters or CORS may follow.
    assert entry.hint or entry.endpoint not in _ALWAYS_WITH_HINT, entry
    more = "( (Fault `|The browser blocks |A script of |The query string of a POST )|$)"
    assert re.match(re.escape(failed[0].why) + more, entry.hint), entry
    if failed[0].name == "request":
        assert REFUSED_BEFORE_ANY_FLOW.match(entry.description), entry
