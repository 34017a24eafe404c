"""An impersonation link without a token."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

ORIGIN = "http://localhost:9400"
CALLBACK = "http://localhost:3000/callback"


def test_a_link_with_all_its_defaults(control):
    answer = control.call("impersonation-links", user="alice", state="S")
    assert answer.status_code == 200
    url = answer.json["url"]
    assert url.startswith(f"{ORIGIN}/users/auth0%7Calice/impersonate?&bewit=")
    assert answer.json == {
        "url": url,
        "user": "auth0|alice",
        "impersonator": "auth0|admin",
        "client": "web",
        "callback_url": CALLBACK,
        "expires_at": 1_700_000_123,
    }
    assert "Mockidp-Hint" not in answer.headers
    opened = control.open(url)
    assert opened.status_code == 302
    assert parse_qs(urlsplit(opened.headers["Location"]).query)["state"] == ["S"]


def test_a_link_with_all_parameters(control):
    answer = control.call(
        "impersonation-links",
        user="bob@acme.example",
        impersonator="ally",
        client="old",
        state="S",
        callback_url=CALLBACK,
        response_type="token",
        scope="openid email",
        audience="https://api.acme.example/",
        ttl=5,
    )
    assert answer.json["user"] == "auth0|bob"
    assert answer.json["impersonator"] == "auth0|alice"
    assert answer.json["client"] == "old"
    assert answer.json["expires_at"] == 1_700_000_008
    location = control.open(answer.json["url"]).headers["Location"]
    assert location.startswith(f"{CALLBACK}#access_token=")
    assert "scope=openid%20email" in location


def test_a_lifetime_may_be_a_number(control):
    answer = control.call("impersonation-links", user="alice", state="S", ttl=7)
    assert answer.json["expires_at"] == 1_700_000_010
    refused = control.call("impersonation-links", user="alice", state="S", ttl=True)
    assert refused.status_code == 400


def test_a_link_without_a_state_comes_with_a_warning(control, make_control):
    answer = control.call("impersonation-links", user="alice")
    assert answer.status_code == 200
    assert (
        "The link has no state, so opening it answers `Bad mac`. Send `state`."
        in answer.headers["Mockidp-Hint"]
    )
    lenient = make_control(require_state=False).call("impersonation-links", user="alice")
    assert "Mockidp-Hint" not in lenient.headers


def test_without_an_admin_another_user_becomes_the_impersonator(make_control, control):
    document = replace(control.tenant.document, users=())
    users = control.tenant.document.users
    two = make_control(replace(document, users=users[:2]))
    assert two.call("impersonation-links", user="alice").json["impersonator"] == "auth0|bob"
    one = make_control(replace(document, users=users[:1]))
    assert one.call("impersonation-links", user="alice").json["impersonator"] == "auth0|alice"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "/user: found nothing, expected a value: user is required"),
        ({"user": "eve"}, "There is no user 'eve'. Known: auth0|alice, auth0|bob, auth0|admin"),
        ({"user": "bob", "impersonator": "eve"}, "no user 'eve'"),
        (
            {"user": "bob", "client": "wob"},
            "Known clients: jobs, web, old, global. Did you mean web?",
        ),
        ({"user": "bob", "client": "jobs"}, "client jobs has no callback to use instead."),
        ({"user": "bob", "callback_url": "http://x/"}, "Callback URL mismatch. http://x/ is not"),
        ({"user": "bob", "response_type": "code token"}, "Send one of code, token"),
        ({"user": "bob", "ttl": -5}, "Invalid ttl"),
    ],
)
def test_invalid_parameters_are_named(control, body, says):
    answer = control.call("impersonation-links", **body)
    assert answer.status_code == 400
    assert says in answer.json["detail"]
    assert says in answer.headers["Mockidp-Hint"]


def test_a_tenant_whose_clients_have_no_callbacks_is_refused(make_control, control):
    document = control.tenant.document
    bare = make_control(replace(document, clients=document.clients[:1]))
    answer = bare.call("impersonation-links", user="alice")
    assert "No client of this tenant has a callback." in answer.json["detail"]


def test_a_disabled_feature_is_refused(make_control):
    answer = make_control(enabled=False).call("impersonation-links", user="alice")
    assert answer.status_code == 400
    assert "Setting `impersonation.enabled` is false." in answer.json["detail"]
