"""Responses to links in the OIDC-conformant and in the legacy pipeline."""

import json
from dataclasses import replace

import jwt
import pytest

from helpers.tenant_client import Fields
from mockidp.tenant.state.snapshot_data import snapshot_data, snapshot_from

CALLBACK = "http://localhost:3000/callback"
IMPERSONATOR = {"user_id": "auth0|admin", "email": "admin@acme.example"}


@pytest.fixture
def serve_client(serve, document):
    """Return a function that makes a tenant with changed fields of client `web` and of alice."""

    def make(*, alice=None, impersonation=None, **fields):
        clients = tuple(
            replace(one, **fields) if one.client_id == "web" else one for one in document.clients
        )
        users = tuple(
            replace(one, **alice or {}) if one.user_id == "auth0|alice" else one
            for one in document.users
        )
        changed = replace(document, clients=clients, users=users)
        return serve(document=changed, **impersonation or {})

    return make


def claims(token):
    return jwt.decode(token, options={"verify_signature": False})


def test_a_conformant_client_gets_no_id_token_with_token(serve_client, callback_of):
    http = serve_client(oidc_conformant=True)
    _, values = callback_of(http.get(http.link(response_type="token")))
    assert list(values) == ["access_token", "scope", "expires_in", "token_type", "state"]
    assert values["scope"] == "openid"


def test_a_conformant_client_gets_an_id_token_on_request(serve_client, callback_of):
    http = serve_client(oidc_conformant=True)
    _, values = callback_of(http.get(http.link(response_type="id_token token")))
    assert "id_token" in values


@pytest.mark.parametrize("conformant", [False, None])
def test_any_other_client_gets_an_id_token_with_token(serve_client, callback_of, conformant):
    http = serve_client(oidc_conformant=conformant)
    _, values = callback_of(http.get(http.link(response_type="token")))
    assert "id_token" in values


@pytest.mark.parametrize("response_type", ["code", "token"])
def test_a_legacy_scope_names_impersonated_and_impersonator(
    serve_client, callback_of, response_type
):
    http = serve_client(oidc_conformant=False)
    link = http.link(response_type=response_type, scope="openid impersonated impersonator")
    _, values = callback_of(http.get(link))
    tokens = http.redeem(values["code"]).json if response_type == "code" else values
    payload = claims(tokens["id_token"])
    assert payload["impersonated"] is True
    assert payload["impersonator"] == IMPERSONATOR


def test_a_legacy_scope_names_one_attribute_only(serve_client, callback_of):
    http = serve_client(oidc_conformant=False)
    _, values = callback_of(http.get(http.link(scope="openid impersonated")))
    payload = claims(http.redeem(values["code"]).json["id_token"])
    assert "impersonated" in payload
    assert "impersonator" not in payload


@pytest.mark.parametrize("conformant", [True, None])
def test_outside_the_legacy_pipeline_a_scope_names_no_attribute(
    serve_client, callback_of, conformant
):
    http = serve_client(oidc_conformant=conformant)
    scope = "openid impersonated impersonator user_id app_metadata"
    _, values = callback_of(http.get(http.link(scope=scope)))
    tokens = http.redeem(values["code"]).json
    payload = claims(tokens["id_token"])
    assert {"impersonated", "impersonator", "user_id", "app_metadata"} & set(payload) == set()
    assert "app_metadata" not in http.userinfo(tokens["access_token"]).json


def test_a_legacy_scope_names_any_attribute_but_no_secret(serve_client, callback_of):
    alice = {"app_metadata": {"plan": "gold", "empty": {}, "sub": "eve"}, "username": "al"}
    http = serve_client(oidc_conformant=False, alice=alice)
    scope = "openid user_id username plan app_metadata blocked password nothing empty sub"
    _, values = callback_of(http.get(http.link(scope=scope)))
    tokens = http.redeem(values["code"]).json
    payload = claims(tokens["id_token"])
    named = ("user_id", "username", "plan", "app_metadata", "blocked")
    assert {name: payload.get(name) for name in named} == {
        "user_id": "auth0|alice",
        "username": "al",
        "plan": "gold",
        "app_metadata": alice["app_metadata"],
        "blocked": False,
    }
    assert {"password", "nothing", "empty"} & set(payload) == set()
    assert payload["sub"] == "auth0|alice"
    profile = http.userinfo(tokens["access_token"]).json
    assert (profile["plan"], profile["sub"]) == ("gold", "auth0|alice")


def test_a_legacy_scope_that_names_no_attribute_is_dropped(serve_client, callback_of):
    http = serve_client(oidc_conformant=False)
    scope = "openid user_id password nothing app_metadata"
    _, values = callback_of(http.get(http.link(response_type="token", scope=scope)))
    assert values["scope"] == "openid user_id"


def test_form_post_answers_a_page_that_posts_itself(http):
    answer = http.get(http.link(response_mode="form_post"))
    assert answer.status_code == 200
    form = Fields(answer.text)
    assert form.action == CALLBACK
    assert list(form.values) == ["code", "state"]
    assert http.redeem(form.values["code"]).status_code == 200


def test_form_post_survives_a_snapshot(http):
    link = http.link(response_mode="form_post")
    data = json.loads(json.dumps(snapshot_data(http.tenant.snapshot())))
    http.tenant.restore(snapshot_from(data))
    assert Fields(http.get(link).text).action == CALLBACK


def test_form_post_can_contain_tokens(http):
    answer = http.get(http.link(response_mode="form_post", response_type="token"))
    assert list(Fields(answer.text).values) == [
        "access_token", "id_token", "scope", "expires_in", "token_type", "state",
    ]  # fmt: skip


def test_an_id_token_too_large_for_the_fragment_is_an_error_at_the_callback(
    serve_client, callback_of
):
    http = serve_client(alice={"picture": "https://cdn.example/" + "p" * 4000})
    _, values = callback_of(http.get(http.link(response_type="token", scope="openid picture")))
    assert values == {
        "error": "invalid_request",
        "error_description": "The generated token is too large. Try with more specific scopes.",
        "state": "S",
    }


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("redirect_uri", CALLBACK, " Send the callback as `callback_url`."),
        ("nonce", "n", " An ID token from a link has no nonce."),
        ("connection", "Partners", " The user of the link determines it."),
        (
            "response_mode",
            "fragment",
            (
                " Only form_post is supported. By default a code is in the query, and tokens are "
                "in the fragment."
            ),
        ),
        ("callbackUrl", CALLBACK, " Send the callback as `callback_url`."),
        ("responseType", "code", " It is called `response_type`."),
        ("something", 1, ""),
    ],
)
def test_ignored_additional_parameters_cause_a_hint(http, name, value, advice):
    answer = http.request_link(**{name: value})
    assert answer.status_code == 200
    assert answer.headers["Mockidp-Hint"] == (
        f"Parameter `additionalParameters.{name}` was not read.{advice}"
    )


def test_an_ignored_audience_causes_a_hint(http, serve):
    hint = http.request_link(audience="https://api.acme.example/").headers["Mockidp-Hint"]
    assert hint.startswith("Parameter `additionalParameters.audience` was ignored, as in Auth0")
    assert "setting `impersonation.honour_audience`" in hint
    with_audience = serve(honour_audience=True)
    answer = with_audience.request_link(audience="https://api.acme.example/")
    assert "Mockidp-Hint" not in answer.headers


def test_empty_parameters_cause_no_hint(http):
    answer = http.request_link(redirect_uri="", nonce=None)
    assert "Mockidp-Hint" not in answer.headers


def test_every_ignored_name_is_in_the_hint(http):
    hint = http.request_link(redirect_uri="x", nonce="y").headers["Mockidp-Hint"]
    assert hint.count("was not read") == 2


@pytest.mark.parametrize("escaped", ["&amp;", "&amp;amp;", "%26amp%3B", "&AMP;", "amp;", "amp%3B"])
def test_a_link_from_html_source_is_explained(refuse, escaped):
    named, hint = refuse(lambda link: link.replace("&", escaped), words="Unauthorized")
    assert named == ["html_escaped"]
    assert hint == (
        "Character `&` arrived as `&amp;`: the link was copied from HTML source, for example from an "
        "e-mail, or was escaped twice. Unescape it once before opening it."
    )


def test_a_parameter_added_in_html_source_is_also_named(refuse):
    named, hint = refuse(
        lambda link: link.replace("&", "&amp;") + "&amp;next=/x", words="Unauthorized"
    )
    assert named == ["html_escaped", "parameter_added"]
    assert "`next` was added after the link was signed" in hint
