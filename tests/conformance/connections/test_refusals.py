"""Refused logins at an identity provider: canceled, failed, disabled, and wrong codes."""

from dataclasses import replace

import pytest

from helpers.providers import (
    CONNECTIONS,
    DOCUMENT,
    GINA,
    GOOGLE,
    AtProvider,
    with_connections,
)
from helpers.tenant_client import hint, race, sent_to_callback
from mockidp.faults import Fault
from mockidp.resources.connection import Connection


def test_auth0_canceled__the_client_gets_access_denied(idp):
    back = idp.answer(idp.open_provider(), action="deny")
    assert "error=access_denied" in back
    answer = idp.request("GET", back)
    assert sent_to_callback(answer) == {
        "error": "access_denied",
        "error_description": "access_denied",
        "state": "s1",
    }
    assert "The browser came back to /login/callback with the error 'access_denied'" in hint(answer)


@pytest.mark.parametrize(
    ("strategy", "description"),
    [
        ("facebook", "Permissions error"),
        ("github", "The user has denied your application access."),
        ("linkedin", "The user cancelled LinkedIn login"),
    ],
)
def test_auth0_canceled__the_description_is_that_of_the_identity_provider(strategy, description):
    idp = AtProvider(with_connections(Connection(name="idp", strategy=strategy)))
    back = idp.answer(idp.open_provider("idp"), action="deny")
    assert idp.come_back(back)["error_description"] == description


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("sent", "error", "description"),
    [
        ({"error": "server_error"}, "server_error", "server_error"),
        (
            {"error": "temporarily_unavailable", "error_description": "Try later"},
            "temporarily_unavailable",
            "Try later",
        ),
        ({"error": "user_cancelled_login"}, "access_denied", "user_cancelled_login"),
        ({"error": "invalid_request", "error_description": "x"}, "invalid_request", "x"),
    ],
)
def test_auth0_upstream_errors__reach_the_client(idp, method, sent, error, description):
    state = idp.open_provider().partition("state=")[2]
    send = {"GET": idp.get, "POST": idp.post}[method]
    answer = sent_to_callback(send("/login/callback", state=state, **sent))
    assert answer == {"error": error, "error_description": description, "state": "s1"}
    ended = idp.get("/login/callback", state=state, **sent)
    assert ended.status_code == 400
    assert "This login was already finished" in hint(ended)


def test_auth0_callback__a_wrong_code_is_refused_like_by_the_identity_provider(idp):
    back = idp.pick(idp.open_provider())
    answer = idp.request("GET", back.replace("code=", "code=x"))
    assert sent_to_callback(answer)["error_description"] == "failed to obtain access token"
    assert "Parameter `code` is not the one" in hint(answer)


@pytest.mark.parametrize("sent", [{}, {"code": "abc"}])
def test_auth0_callback__without_an_answer_of_the_identity_provider_a_page_is_shown(idp, sent):
    state = idp.open_provider().partition("state=")[2]
    answer = idp.get("/login/callback", state=state, **sent)
    assert answer.status_code == 400
    assert "The login is not waiting for an identity provider" in hint(answer)
    assert idp.get("/login/callback", code="abc").status_code == 400
    assert idp.get("/u/login/provider").status_code == 400


def test_auth0_callback__the_same_browser_may_reload_it(idp):
    url = idp.open_provider(client_id="third-party", scope="openid email")
    back = idp.pick(url)
    first, again = idp.request("GET", back), idp.request("GET", back)
    assert first.location == again.location
    assert first.location.startswith("/authorize/resume")
    stranger = idp.another_browser()
    assert stranger.request("GET", back).status_code == 400


def test_the_code_of_an_identity_provider_works_once(idp):
    back = idp.pick(idp.open_provider(client_id="third-party", scope="openid email"))

    def open_callback():
        return idp.another_browser().request("GET", back).status_code

    answers = race(open_callback)
    assert sorted(set(answers)) == [302, 400]
    assert answers.count(302) == 1
    assert len(idp.tenant.sessions.scan()) == 1


def test_auth0_authorize__unknown_and_disabled_connections_are_refused(idp):
    unknown = sent_to_callback(idp.authorize(connection="google"))
    assert unknown["error_description"] == "the connection was not found"
    disabled = sent_to_callback(idp.authorize(connection="github", client_id="other"))
    assert disabled["error_description"] == "no connections enabled for the client"
    url = idp.authorize(client_id="other").location
    assert 'data-provider="github"' not in idp.get(url).text
    refused = idp.submit(url, connection="github")
    assert refused.status_code == 400
    assert hint(refused) == (
        "Connection 'github' is not enabled for this login, or has no identity provider. "
        "Connections with one: google-oauth2, corp."
    )
    state = url.partition("state=")[2]
    assert idp.get("/u/login/provider", state=state).status_code == 400


def test_a_connection_that_is_disabled_during_the_login_is_refused(idp):
    url = idp.open_provider()
    back = idp.pick(url)
    idp.edit(with_connections(*CONNECTIONS[1:]))
    assert idp.get(url).status_code == 400
    answer = idp.request("GET", back)
    assert answer.status_code == 400
    assert "Connections with one: none." in hint(answer)


def test_users_of_other_connections_cannot_be_picked(idp):
    refused = idp.submit(idp.open_provider(), action="pick", user_id="auth0|alice")
    assert refused.status_code == 400
    assert 'data-error-code="user-not-offered"' in refused.text
    assert hint(refused) == "The picker does not offer a user 'auth0|alice'."


def test_a_user_who_is_removed_during_the_login_cannot_log_in(idp):
    back = idp.pick(idp.open_provider())
    idp.edit(replace(DOCUMENT, users=DOCUMENT.users[:1]))
    answer = idp.request("GET", back)
    assert answer.status_code == 400
    assert hint(answer) == f"User {GINA} was removed during the login."


def test_a_fault_makes_the_identity_provider_fail(idp):
    idp.tenant.faults.add(Fault(endpoint="connection", error="access_denied", times=1))
    back = idp.pick(idp.open_provider())
    answer = idp.request("GET", back)
    assert sent_to_callback(answer) == {
        "error": "access_denied",
        "error_description": "access_denied",
        "state": "s1",
    }
    assert "Fault `connection: error access_denied`" in hint(answer)
    assert idp.come_back(idp.pick(idp.open_provider()))["code"]


@pytest.mark.parametrize(
    ("fault", "description"),
    [
        ({"refuse": "provider_failed"}, "failed to obtain access token"),
        ({"error": "access_denied", "description": "Permissions error"}, "Permissions error"),
    ],
)
def test_a_fault_has_the_text_of_the_identity_provider(idp, fault, description):
    idp.tenant.faults.add(Fault(endpoint="connection", **fault))
    back = idp.pick(idp.open_provider())
    assert idp.come_back(back)["error_description"] == description


def test_a_fault_with_a_status_shows_the_error_page(idp):
    idp.tenant.faults.add(Fault(endpoint="connection", error="server_error", status=502))
    answer = idp.request("GET", idp.pick(idp.open_provider()))
    assert answer.status_code == 502
    assert "text/html" in answer.content_type


def test_a_fault_for_an_unknown_login_shows_the_error_page(idp):
    idp.tenant.faults.add(Fault(endpoint="connection", error="access_denied"))
    assert idp.get("/login/callback", state="gone", code="x").status_code == 400


def test_the_journal_has_the_connection_and_what_was_forwarded(idp):
    back = idp.pick(idp.open_provider(login_hint="gina@gmail.example"))
    idp.get(idp.open_provider(login_hint="gina@gmail.example"))
    (page,) = (one for one in idp.tenant.journal.of("provider") if one.method == "GET")
    assert page.notes["forwarded"] == {"login_hint": "gina@gmail.example"}
    idp.request("GET", back)
    (entry,) = idp.tenant.journal.of("connection")
    assert entry.user == GINA
    assert entry.notes["connection"] == GOOGLE
    assert entry.notes["strategy"] == GOOGLE
    assert entry.client == "web"
