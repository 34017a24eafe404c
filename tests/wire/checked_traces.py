"""What holds for every exchange of every test that drives a tenant over the wire."""

import re

import pytest

from mockidp.tenant.journal import Journal

WRONG_AS_SUCH = re.compile(
    r"Parameter '\w+' must be a string|Parameters must |Too many parameters|Duplicate parameter: "
    r"|Invalid JSON|Unsupported content type|Request Entity Too Large|Request-URI Too Large"
    r"|Invalid Host header|Unknown host|Multiple access tokens|Not Found|.* is not implemented by "
    r"mockidp|Missing required property: |Invalid type: |Invalid ttl|Unsupported response type: "
    r"|Unsupported protocol: |Bad Request"
)
"""The descriptions of requests that no flow has looked at."""


@pytest.fixture(autouse=True)
def every_refusal_is_one_failed_check(monkeypatch):
    """Look at each exchange after the test; faults that a test makes are no check of a flow."""
    entries, add = [], Journal.add

    def add_and_keep(journal, make):
        add(journal, lambda number: entries.append(make(number)) or entries[-1])

    monkeypatch.setattr(Journal, "add", add_and_keep)
    yield
    for entry in entries:
        if not (entry.is_bug or entry.faults):
            _look_at(entry)


def _look_at(entry):
    failed = [check for check in entry.trace if not check.passed]
    if entry.error is None:
        assert failed == [], entry
        return
    assert failed == [entry.trace[-1]], entry
    assert failed[0].why == entry.hint, entry
    if failed[0].name == "request":
        assert WRONG_AS_SUCH.match(entry.description), entry
