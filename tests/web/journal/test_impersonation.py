"""Impersonation in the journal."""

import json
import logging

import pytest

from helpers.methods import impersonation_link
from helpers.tenant_client import bearer


def link_for(idp, **fields):
    defaults = {"client": "web", "state": "s", "impersonator": "bob"}
    return impersonation_link(idp.tenant, idp.url, "alice", **defaults | fields)


def open_link(idp, url, method="GET"):
    environ = {"REQUEST_URI": url.removeprefix(idp.url)}
    return idp.request(method, url.removeprefix(idp.url), environ_overrides=environ)


def ask_for_link(idp, **body):
    token = idp.token(client_id="global", grant_type="client_credentials").json["access_token"]
    idp.post("/users/auth0%7Calice/impersonate", headers=bearer(token), json_body=body)
    return token


BODY = {
    "protocol": "oauth2",
    "impersonator_id": "auth0|bob",
    "client_id": "web",
    "additionalParameters": {"state": "s", "response_type": "code", "scope": "openid"},
}


def test_a_requested_link_is_recorded(idp, last):
    token = ask_for_link(idp, **BODY, token="leaked-by-the-sdk", nested=[{"password": "p"}, 1])
    entry = last("impersonate")
    assert (entry.status, entry.client, entry.user) == (200, "web", "auth0|alice")
    assert entry.notes["impersonator"] == "auth0|bob"
    assert entry.parameters == {
        **BODY, "token": "leaked-b...", "nested": [{"password": "***"}, 1],
    }  # fmt: skip
    assert entry.trace[0].compared["sent"] == f"{token[:8]}..."


def test_the_parameters_of_a_form_are_recorded_as_they_were_sent(idp, last):
    token = ask_for_link(idp)
    idp.post(
        "/users/auth0%7Calice/impersonate",
        headers=bearer(token),
        **{"additionalParameters[state]": "s", "additionalParameters[access_token]": "0123456789"},
    )
    assert last("impersonate").parameters == {
        "additionalParameters[state]": "s",
        "additionalParameters[access_token]": "01234567...",
    }


def test_a_link_request_with_a_bad_body_fails_the_check_request(idp, last):
    ask_for_link(idp, **BODY | {"protocol": "soap"})
    assert str(last("impersonate").failed).startswith(
        "failed request(): Property `protocol` is 'soap'"
    )


def test_an_opened_link_names_client_user_and_impersonator(idp, last, caplog):
    caplog.set_level(logging.INFO, logger="mockidp")
    open_link(idp, link_for(idp))
    entry = last("impersonation_link")
    assert (entry.client, entry.user) == ("web", "auth0|alice")
    assert entry.notes["impersonator"] == "auth0|bob"
    assert caplog.messages[-1] == "impersonation_link 302 client='web'"


def test_an_opened_links_bewit_is_cut(idp, last):
    url = link_for(idp)
    open_link(idp, url)
    entry = last("impersonation_link")
    bewit = url.partition("bewit=")[2]
    assert entry.parameters == {"bewit": f"{bewit[:8]}..."}
    assert entry.trace[0].compared["sent"] == f"{bewit[:8]}..."


@pytest.mark.parametrize(
    "change",
    [
        lambda url: url.replace("?&bewit=", "&bewit="),
        lambda url: url.replace("bewit=", "bew="),
        lambda url: url.replace("bewit=", ""),
        lambda url: url.replace("bewit=", "next=/x%3Fbewit%3D"),
        lambda url: url.replace("bewit=", "amp;Bewit="),
        lambda url: url.replace("bewit=", "x/bewit="),
        lambda url: url.replace("/users/", "/user/"),
    ],
)
def test_a_changed_links_bewit_is_cut_everywhere(idp, last, change):
    url = link_for(idp)
    open_link(idp, change(url))
    recorded = json.dumps(last().to_dict())
    bewit = url.partition("bewit=")[2]
    assert last().error
    assert bewit not in recorded
    assert bewit[:8] in recorded


def test_a_redeemed_code_of_an_impersonated_login_names_the_impersonator(idp, last):
    answer = open_link(idp, link_for(idp))
    code = answer.location.partition("code=")[2].partition("&")[0]
    idp.redeem(code)
    assert last("token").notes["impersonator"] == "auth0|bob"


def test_tokens_of_a_link_are_recorded_where_it_was_opened(idp, last):
    open_link(idp, link_for(idp, response_type="token id_token"))
    assert [token.kind for token in last().tokens] == ["access_token", "id_token"]
