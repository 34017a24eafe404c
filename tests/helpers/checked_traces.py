"""What holds for every exchange of every test that drives a tenant over the wire."""

import json
import re

import pytest

from mockidp.flows.impersonation import request as impersonation_request
from mockidp.protocol.jwt import UnsignedToken
from mockidp.tenant.ids import Ids
from mockidp.web import journal_step, pipeline

WRONG_AS_SUCH = re.compile(
    r"Parameter '\w+' must be a string|Parameters must |Too many parameters|Duplicate parameter: "
    r"|Invalid JSON|Unsupported content type|Request Entity Too Large|Request-URI Too Large"
    r"|Invalid Host header|Invalid forwarded header|Unknown host|Multiple access tokens|Not Found|.* is not implemented by "
    r"mockidp|Missing required property: |Invalid type: |Invalid ttl|Unsupported response type: "
    r"|Unsupported protocol: |Bad Request"
)
"""The descriptions of requests that no flow has looked at."""


@pytest.fixture(autouse=True)
def every_exchange_is_traced(monkeypatch):
    """Look at each exchange after the test; faults that a test makes are no check of a flow."""
    entries, secrets = [], []
    _keep(monkeypatch, journal_step, "JournalEntry", entries)
    monkeypatch.setattr(pipeline, "record", record_and_read)
    _keep(monkeypatch, impersonation_request, "make_bewit", secrets)
    _keep(monkeypatch, UnsignedToken, "sign", secrets)
    for name in ("code", "opaque_token", "refresh_token", "secret"):
        _keep(monkeypatch, Ids, name, secrets)
    yield
    for entry in entries:
        if not (entry.is_bug or entry.faults):
            _look_at(entry)
        told = json.dumps(entry.to_dict(), ensure_ascii=False)
        assert [one for one in secrets if one in told] == [], entry


def record_and_read(exchange, outcome):
    """Record an exchange, and read the journal, so that its entry is made at once."""
    journal_step.record(exchange, outcome)
    len(exchange.tenant.journal)


def _keep(monkeypatch, owner, name, kept):
    """Keep what a function returns."""
    function = getattr(owner, name)

    def and_keep(*args, **named):
        kept.append(function(*args, **named))
        return kept[-1]

    monkeypatch.setattr(owner, name, and_keep)


def _look_at(entry):
    failed = [check for check in entry.trace if not check.passed]
    if entry.error is None:
        assert failed == [], entry
        return
    assert failed == [entry.trace[-1]], entry
    # What a fault did, which parameters were not read, or why a browser blocks the answer follows.
    more = "((; | )(Fault `|The browser blocks |A script of |The query string of a POST )|$)"
    assert re.match(re.escape(failed[0].why) + more, entry.hint), entry
    if failed[0].name == "request":
        assert WRONG_AS_SUCH.match(entry.description), entry
