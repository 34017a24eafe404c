"""What a link grants in the OIDC-conformant and in the legacy pipeline, and how it is answered."""

import json
from dataclasses import replace

import jwt
import pytest

from helpers.tenant_client import Fields
from mockidp.tenant.snapshot_data import snapshot_data, snapshot_from

CALLBACK = "http://localhost:3000/callback"
IMPERSONATOR = {"user_id": "auth0|admin", "email": "admin@acme.example"}


@pytest.fixture
def serve_client(serve, document):
    """Make a tenant whose client `web` has some fields changed, and alice too."""

    def make(*, alice=None, switches=None, **fields):
        clients = tuple(
            replace(one, **fields) if one.client_id == "web" else one for one in document.clients
        )
        users = tuple(
            replace(one, **alice or {}) if one.user_id == "auth0|alice" else one
            for one in document.users
        )
        changed = replace(document, clients=clients, users=users)
        return serve(document=changed, **switches or {})

    return make


def claims(token):
    return jwt.decode(token, options={"verify_signature": False})


def test_a_conformant_client_gets_no_id_token_with_token(serve_client, callback_of):
    face = serve_client(oidc_conformant=True)
    _, values = callback_of(face.get(face.link(response_type="token")))
    assert list(values) == ["access_token", "scope", "expires_in", "token_type", "state"]
    assert values["scope"] == "openid"


def test_a_conformant_client_gets_an_id_token_when_it_asks(serve_client, callback_of):
    face = serve_client(oidc_conformant=True)
    _, values = callback_of(face.get(face.link(response_type="id_token token")))
    assert "id_token" in values


@pytest.mark.parametrize("conformant", [False, None])
def test_any_other_client_gets_an_id_token_with_token(serve_client, callback_of, conformant):
    face = serve_client(oidc_conformant=conformant)
    _, values = callback_of(face.get(face.link(response_type="token")))
    assert "id_token" in values


@pytest.mark.parametrize("response_type", ["code", "token"])
def test_a_legacy_scope_names_impersonated_and_impersonator(
    serve_client, callback_of, response_type
):
    face = serve_client(oidc_conformant=False)
    link = face.link(response_type=response_type, scope="openid impersonated impersonator")
    _, values = callback_of(face.get(link))
    tokens = face.redeem(values["code"]).json if response_type == "code" else values
    told = claims(tokens["id_token"])
    assert told["impersonated"] is True
    assert told["impersonator"] == IMPERSONATOR


def test_a_legacy_scope_names_one_attribute_only(serve_client, callback_of):
    face = serve_client(oidc_conformant=False)
    _, values = callback_of(face.get(face.link(scope="openid impersonated")))
    told = claims(face.redeem(values["code"]).json["id_token"])
    assert "impersonated" in told
    assert "impersonator" not in told


@pytest.mark.parametrize("conformant", [True, None])
def test_elsewhere_a_scope_names_no_attribute(serve_client, callback_of, conformant):
    face = serve_client(oidc_conformant=conformant)
    scope = "openid impersonated impersonator user_id app_metadata"
    _, values = callback_of(face.get(face.link(scope=scope)))
    tokens = face.redeem(values["code"]).json
    told = claims(tokens["id_token"])
    assert {"impersonated", "impersonator", "user_id", "app_metadata"} & set(told) == set()
    assert "app_metadata" not in face.userinfo(tokens["access_token"]).json


def test_a_legacy_scope_names_any_attribute_but_no_secret(serve_client, callback_of):
    alice = {"app_metadata": {"plan": "gold", "empty": {}, "sub": "eve"}, "username": "al"}
    face = serve_client(oidc_conformant=False, alice=alice)
    scope = "openid user_id username plan app_metadata blocked password nothing empty sub"
    _, values = callback_of(face.get(face.link(scope=scope)))
    tokens = face.redeem(values["code"]).json
    told = claims(tokens["id_token"])
    named = ("user_id", "username", "plan", "app_metadata", "blocked")
    assert {name: told.get(name) for name in named} == {
        "user_id": "auth0|alice",
        "username": "al",
        "plan": "gold",
        "app_metadata": alice["app_metadata"],
        "blocked": False,
    }
    assert {"password", "nothing", "empty"} & set(told) == set()
    assert told["sub"] == "auth0|alice"
    profile = face.userinfo(tokens["access_token"]).json
    assert (profile["plan"], profile["sub"]) == ("gold", "auth0|alice")


def test_a_legacy_scope_that_names_no_attribute_is_dropped(serve_client, callback_of):
    face = serve_client(oidc_conformant=False)
    scope = "openid user_id password nothing app_metadata"
    _, values = callback_of(face.get(face.link(response_type="token", scope=scope)))
    assert values["scope"] == "openid user_id"


def test_form_post_answers_a_page_that_posts_itself(face):
    answer = face.get(face.link(response_mode="form_post"))
    assert answer.status_code == 200
    form = Fields(answer.text)
    assert form.action == CALLBACK
    assert list(form.values) == ["code", "state"]
    assert face.redeem(form.values["code"]).status_code == 200


def test_form_post_survives_a_snapshot(face):
    link = face.link(response_mode="form_post")
    data = json.loads(json.dumps(snapshot_data(face.tenant.snapshot())))
    face.tenant.restore(snapshot_from(data))
    assert Fields(face.get(link).text).action == CALLBACK


def test_form_post_carries_tokens_too(face):
    answer = face.get(face.link(response_mode="form_post", response_type="token"))
    assert list(Fields(answer.text).values) == [
        "access_token", "id_token", "scope", "expires_in", "token_type", "state",
    ]  # fmt: skip


def test_an_id_token_too_large_for_the_fragment_is_an_error_at_the_callback(
    serve_client, callback_of
):
    face = serve_client(alice={"picture": "https://cdn.example/" + "p" * 4000})
    _, values = callback_of(face.get(face.link(response_type="token", scope="openid picture")))
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
def test_what_is_not_read_of_additional_parameters_is_hinted(face, name, value, advice):
    answer = face.ask(**{name: value})
    assert answer.status_code == 200
    assert answer.headers["Mockidp-Hint"] == (
        f"Parameter `additionalParameters.{name}` was not read.{advice}"
    )


def test_an_ignored_audience_is_hinted(face, serve):
    hint = face.ask(audience="https://api.acme.example/").headers["Mockidp-Hint"]
    assert hint.startswith("Parameter `additionalParameters.audience` was ignored, as in Auth0")
    assert "setting `impersonation.honour_audience`" in hint
    honouring = serve(honour_audience=True)
    answer = honouring.ask(audience="https://api.acme.example/")
    assert "Mockidp-Hint" not in answer.headers


def test_what_is_empty_needs_no_hint(face):
    answer = face.ask(redirect_uri="", nonce=None)
    assert "Mockidp-Hint" not in answer.headers


def test_every_name_is_hinted(face):
    hint = face.ask(redirect_uri="x", nonce="y").headers["Mockidp-Hint"]
    assert hint.count("was not read") == 2


@pytest.mark.parametrize("escaped", ["&amp;", "&amp;amp;", "%26amp%3B", "&AMP;", "amp;", "amp%3B"])
def test_a_link_out_of_html_source_is_hinted(refuse, escaped):
    named, hint = refuse(lambda link: link.replace("&", escaped), words="Unauthorized")
    assert named == ["html_escaped"]
    assert hint == (
        "Character `&` arrived as `&amp;`: the link was copied from HTML source, for example from an "
        "e-mail, or was escaped twice. Unescape it once before opening it."
    )


def test_a_parameter_that_was_added_in_html_source_is_named_too(refuse):
    named, hint = refuse(
        lambda link: link.replace("&", "&amp;") + "&amp;next=/x", words="Unauthorized"
    )
    assert named == ["html_escaped", "parameter_added"]
    assert "`next` was added after the link was signed" in hint
