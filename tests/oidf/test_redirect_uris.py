"""Redirect URIs: only a registered one gets an answer."""

import secrets

from helpers.oidf.relying_party import CALLBACK

QUERY = "?dummy1=lorem&dummy2=ipsum"


def test_oidcc_ensure_registered_redirect_uri(rp):
    rp.expect_page(rp.request(redirect_uri=f"{CALLBACK}/{secrets.token_hex(8)}"))


def test_oidcc_ensure_redirect_uri_in_authorization_request(rp):
    for client_id in ("two-callbacks", "basic"):
        other = rp.another(client_id)
        other.expect_page(other.request(redirect_uri=None))


def test_oidcc_redirect_uri_query_ok(rp):
    other = rp.another("with-query")
    other.callback = f"{CALLBACK}{QUERY}"
    arrival = other.log_in().arrival
    assert arrival.parameters["dummy1"] == "lorem"
    assert arrival.parameters["dummy2"] == "ipsum"


def test_oidcc_redirect_uri_query_mismatch(rp):
    other = rp.another("with-query")
    other.expect_page(other.request(redirect_uri=f"{CALLBACK}?dummy1=lorem&dummy2=dolor"))


def test_oidcc_redirect_uri_query_added(rp):
    rp.expect_page(rp.request(redirect_uri=f"{CALLBACK}{QUERY}"))
