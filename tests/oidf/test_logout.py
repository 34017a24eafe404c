"""Logout that the relying party initiates."""

import json

import jwt

from helpers.assertions import OTHER_KEY
from helpers.oidf.relying_party import AFTER_LOGOUT
from mockidp.protocol.tokens.base64url import base64url

CONFIRMATION = "/oidc/logout"


def check_stayed(arrival):
    """Check that the browser was not sent to the relying party, but to an error page."""
    assert arrival.mode == "page"
    assert arrival.status == 400


def check_ended_here(rp, arrival):
    """Check that a page of the provider says that the session has ended."""
    assert (arrival.mode, arrival.status) == ("page", 200)
    assert "You are logged out" in arrival.text
    rp.check_logged_out()


def test_oidcc_rp_initiated_logout_discovery_endpoint_verification(provider):
    assert provider.metadata["end_session_endpoint"].startswith(f"{provider.url}/")
    provider.check_https()


def test_oidcc_rp_initiated_logout(rp):
    rp.check_returned(*rp.log_out(rp.log_in()))


def test_oidcc_rp_initiated_logout_no_state(rp):
    rp.check_returned(*rp.log_out(rp.log_in(), state=None))


def test_oidcc_rp_initiated_logout_bad_post_logout_redirect_uri(rp):
    _, arrival = rp.log_out(rp.log_in(), post_logout_redirect_uri=f"{AFTER_LOGOUT}/other")
    check_stayed(arrival)


def test_oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri(rp):
    _, arrival = rp.log_out(rp.log_in(), post_logout_redirect_uri=f"{AFTER_LOGOUT}?foo=bar")
    check_stayed(arrival)


def test_oidcc_rp_initiated_logout_modified_id_token_hint(rp):
    login = rp.log_in()
    header = base64url(json.dumps({"alg": "none"}).encode())
    changed = ".".join((header, login.id_token.split(".")[1], ""))
    check_stayed(rp.log_out(login, id_token_hint=changed)[1])


def test_oidcc_rp_initiated_logout_bad_id_token_hint(rp):
    login = rp.log_in()
    kid = jwt.get_unverified_header(login.id_token)["kid"]
    forged = jwt.encode(login.claims, OTHER_KEY, algorithm="RS256", headers={"kid": kid})
    check_stayed(rp.log_out(login, id_token_hint=forged)[1])


def test_oidcc_rp_initiated_logout_no_id_token_hint(rp):
    check_stayed(rp.log_out(rp.log_in(), id_token_hint=None)[1])


def test_oidcc_rp_initiated_logout_no_params(rp):
    nothing = {"id_token_hint": None, "post_logout_redirect_uri": None, "state": None}
    _, arrival = rp.log_out(rp.log_in(), **nothing)
    assert arrival.pages == [CONFIRMATION]
    check_ended_here(rp, arrival)


def test_oidcc_rp_initiated_logout_only_state(rp):
    _, arrival = rp.log_out(rp.log_in(), id_token_hint=None, post_logout_redirect_uri=None)
    assert arrival.pages == [CONFIRMATION]
    check_ended_here(rp, arrival)


def test_oidcc_rp_initiated_logout_no_post_logout_redirect_uri(rp):
    _, arrival = rp.log_out(rp.log_in(), post_logout_redirect_uri=None)
    assert arrival.pages == []
    check_ended_here(rp, arrival)
