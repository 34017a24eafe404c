"""Refusals, faults and bad tokens on the page of the test client."""

import pytest
from werkzeug.test import Client as WsgiClient

from helpers.acme import with_client
from helpers.try_page import DOCUMENT, PATH, follow, part, query_of
from mockidp.resources.client_tokens import JwtConfiguration
from mockidp.tenant.config.fault import parse_fault

# --- refusals ---


def test_a_refused_request_shows_error_and_hint(idp, log_in):
    page = log_in(audience="https://nobody.example/")
    assert "access_denied Service not found: https://nobody.example/" in part(page, "refused")
    assert part(page, "mockidp-hint").endswith(
        idp.tenant.journal.last("authorize").hint.replace("`", "")
    )


def test_denying_at_the_login_page_shows_error_and_hint(idp, parse):
    login = idp.request("GET", idp.get(f"{PATH}/login").location)
    page = parse(follow(idp, idp.post(login.location, action="deny")).text)
    assert "/authorize: access_denied" in part(page, "refused")


def test_an_error_that_the_journal_does_not_have_is_shown_without_a_hint(idp, parse):
    idp.authorize(client_id="mockidp-try", redirect_uri=None, prompt="none")
    state = query_of(idp.get(f"{PATH}/login"))["state"]
    page = parse(idp.get(PATH, state=state, error="made_up").text)
    assert "/authorize: made_up" in part(page, "refused")
    assert page.find(**{"data-testid": "mockidp-hint"}) == []


def test_a_refused_code_shows_error_and_hint(idp, parse):
    state = query_of(idp.get(f"{PATH}/login"))["state"]
    page = parse(idp.get(PATH, state=state, code="never-made").text)
    assert "/oauth/token: invalid_grant" in part(page, "refused")
    assert "This tenant never issued such a code" in part(page, "mockidp-hint")


def test_a_response_is_accepted_once(idp, log_in, parse):
    log_in()
    used = idp.tenant.journal.last("token")
    page = parse(idp.get(PATH, state="s", code="c").text)
    assert "No login is pending in this browser." in part(page, "refused")
    assert "Log in again" in part(page, "mockidp-hint")
    assert idp.tenant.journal.last("token") == used


@pytest.mark.parametrize("query", [{"state": "another"}, {}])
def test_a_response_with_another_state_is_refused(idp, parse, query):
    idp.get(f"{PATH}/login")
    page = parse(idp.get(PATH, code="c", **query).text)
    assert "state mismatch" in part(page, "refused")
    assert len(idp.tenant.journal) == 0


@pytest.mark.parametrize(
    "cookie", ["", "x", "a.b.c", "\u00e9" * 130, f"{'s' * 32}.{'n' * 32}.short"]
)
def test_a_malformed_cookie_is_not_a_login(idp, cookie):
    bare = WsgiClient(idp.app, use_cookies=False)
    headers = {"Cookie": f"mockidp-try={cookie}".encode().decode("latin-1")}
    answer = bare.get(f"{PATH}?state=s&code=c", base_url=idp.url, headers=headers)
    assert answer.status_code == 200
    assert "No login is pending in this browser." in answer.text


def test_nothing_in_a_response_becomes_markup(idp, parse):
    def shown(text):
        state = query_of(idp.get(f"{PATH}/login"))["state"]
        return parse(idp.get(PATH, state=state, error=text, error_description=text).text)

    hostile, harmless = shown('"><script>alert(1)</script>'), shown("harmless")
    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in harmless.elements]


# --- faults ---


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ({"endpoint": "id_token", "wrong": "nonce"}, "failed nonce found "),
        ({"endpoint": "id_token", "wrong": "aud"}, "failed aud found "),
        ({"endpoint": "id_token", "wrong": "iss"}, "failed iss found "),
        ({"endpoint": "id_token", "expired": True}, "failed exp "),
        ({"endpoint": "id_token", "signature": "broken"}, "failed signature "),
        ({"endpoint": "id_token", "alg": "none"}, "failed signature The token is signed with none"),
        ({"endpoint": "id_token", "set": {"exp": "soon"}}, "failed exp Claim `exp` is 'soon'"),
        ({"endpoint": "id_token", "remove": ["exp"]}, "failed exp the token has no exp"),
    ],
)
def test_a_changed_id_token_fails_its_check(idp, log_in, fault, text):
    idp.tenant.faults.add(parse_fault(fault))
    page = log_in()
    assert page.text_of(page.find("h1")[0]) == "The ID token is not valid"
    assert text in part(page, "checks")


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ({"endpoint": "token", "malformed_json": True}, "not a JSON object"),
        ({"endpoint": "token", "drop": True}, "The connection was dropped"),
        ({"endpoint": "token", "truncate": 10}, "not a JSON object"),
        ({"endpoint": "token", "status": 503, "body": "[1]"}, "HTTP status 503 [1]"),
        ({"endpoint": "token", "rate_limit": True}, "too_many_requests"),
    ],
)
def test_a_fault_of_the_token_endpoint_is_shown(idp, log_in, fault, text):
    idp.tenant.faults.add(parse_fault(fault))
    assert text in part(log_in(), "refused")


def test_a_dropped_call_of_userinfo_is_shown_as_dropped(idp, log_in):
    idp.tenant.faults.add(parse_fault({"endpoint": "userinfo", "drop": True}))
    assert "The connection was dropped" in part(log_in(), "userinfo")


def test_an_id_token_that_is_not_a_jwt_fails(idp, log_in):
    idp.tenant.faults.add(parse_fault({"endpoint": "token", "set": {"id_token": "abc"}}))
    page = log_in()
    assert "failed signature A JWT has three parts" in part(page, "checks")


def test_an_id_token_of_hs256_cannot_be_checked_by_a_public_client(idp, log_in):
    idp.edit(
        with_client(
            DOCUMENT,
            "mockidp-try",
            jwt_configuration=JwtConfiguration(alg="HS256"),
            client_secret="s" * 40,
        )
    )
    assert "failed signature The token is signed with HS256" in part(log_in(), "checks")
