"""How a session notes a second factor while other requests change the session."""

import pytest

from helpers.acme import ACME, URL
from helpers.interleaved import run_after_next_find
from mockidp.flows.sessions.session import add_method, end_session, find_session, start_session
from mockidp.tenant.tenant import Tenant


@pytest.fixture
def tenant():
    return Tenant(ACME)


@pytest.fixture
def session(tenant):
    return start_session(tenant, URL, tenant.directory.user("auth0|alice"))


def test_a_method_is_added_although_another_request_extends_the_session(
    tenant, session, monkeypatch
):
    run_after_next_find(monkeypatch, tenant.sessions, lambda: find_session(tenant, URL, session.id))
    add_method(tenant, session.id, "mfa")
    assert tenant.sessions.get(session.id).amr == ("mfa",)


def test_a_session_that_another_request_ends_stays_ended(tenant, session, monkeypatch):
    run_after_next_find(
        monkeypatch, tenant.sessions, lambda: end_session(tenant, session, "rp-logout")
    )
    add_method(tenant, session.id, "mfa")
    assert tenant.sessions.get(session.id) is None
