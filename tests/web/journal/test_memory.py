"""The journal takes a bounded amount of memory, even for large requests."""

import json

from helpers.tenant_client import TenantClient
from mockidp.tenant.journal.entry import JournalEntry
from mockidp.web.pipeline import journal as journal_step
from mockidp.web.pipeline import pipeline

URL = "https://" + "a" * 15_000 + ".example/"
VALUES = ["x" * 60_000, "日" * 15_000, [{}] * 20_000, {"a": "b" * 60_000}]
FORM = "&".join(f"{'n' * 90}{number}={'v' * 100}" for number in range(250))


def send_largest(idp):
    """Send requests that would need much memory in the journal."""
    yield idp.get("/authorize", client_id="web", redirect_uri=URL)
    yield idp.get("/v2/logout", client_id="web", returnTo=URL)
    yield idp.get("/" + "p" * 15_900)
    for value in VALUES:
        body = json.dumps({"client_id": "web", "grant_type": "x" * 1000, "scope": value})
        yield idp.request("POST", "/oauth/token", data=body, content_type="application/json")
    form = "application/x-www-form-urlencoded"
    yield idp.request("POST", "/oauth/token", data=FORM, content_type=form)


def test_an_entry_is_small_however_large_the_request_was():
    idp = TenantClient()
    assert all(answer.status_code >= 400 for answer in send_largest(idp))
    sizes = [len(repr(entry)) for entry in idp.tenant.journal]
    assert len(sizes) == 8
    assert max(sizes) < 64 * 1024


def test_large_requests_are_not_kept_until_the_journal_is_read(monkeypatch):
    made = []
    monkeypatch.setattr(pipeline, "record", journal_step.record)

    def make(**fields):
        made.append(fields["endpoint"])
        return JournalEntry(**fields)

    monkeypatch.setattr(journal_step, "JournalEntry", make)
    idp = TenantClient()
    idp.get("/userinfo")
    idp.get("/v2/logout")
    assert made == []
    idp.get("/authorize", client_id="x" * 5000)
    assert made == ["userinfo", "logout", "authorize"]
    idp.post("/oauth/token", client_id="web")
    assert made[3:] == []
    idp.post("/oauth/token", client_id="web", code="x" * 5000)
    assert made[3:] == ["token", "token"]
