"""`explain` reports which entry set a custom claim, or why a token does not have it."""

import jwt
import pytest

API = "https://api.acme.example/"
PLAN = "https://acme.example/plan"


def result(control, token):
    return control.explain(token)["decoded"].get("custom_claims")


@pytest.fixture
def access_token(control):
    def mint(**body):
        return control.call("tokens", **{"audience": API, "user": "alice"} | body).json[
            "access_token"
        ]

    return mint


@pytest.fixture
def id_token(control):
    return lambda **body: control.call("id-tokens", **{"user": "alice"} | body).json["id_token"]


def test_without_entries_explain_reports_none(control, access_token):
    assert result(control, access_token()) is None


def test_the_entry_of_a_claim_is_named(control, access_token, id_token):
    control.call("claims", claim=PLAN, value="free")
    control.call("claims", claim=PLAN, value="pro", user="alice")
    control.call("claims", claim="mail", **{"from": "user.email", "in": ["id_token"]})
    assert result(control, access_token()) == {PLAN: "mockidp.claims[1] (value)"}
    assert result(control, access_token(user="bob")) == {PLAN: "mockidp.claims[0] (value)"}
    assert result(control, id_token()) == {
        PLAN: "mockidp.claims[1] (value)",
        "mail": "mockidp.claims[2] (from user.email)",
    }


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ({"from": "user.app_metadata.plan"}, "user.app_metadata.plan did not resolve"),
        ({"claim": "name", "value": "A"}, "name needs the scope profile, as in Auth0"),
    ],
)
def test_why_a_token_does_not_have_a_claim(control, access_token, entry, why):
    entry = {"claim": PLAN} | entry
    control.call("claims", **entry)
    source = f"from {entry['from']}" if "from" in entry else "value"
    expected = {entry["claim"]: f"omitted by mockidp.claims[0] ({source}): {why}"}
    assert result(control, access_token()) == expected


def test_a_token_from_before_the_entry(control, access_token):
    token = access_token()
    control.call("claims", claim=PLAN, value="pro")
    assert result(control, token) == {
        PLAN: "omitted by mockidp.claims[0] (value): the token was made without it"
    }


def test_a_value_of_a_removed_entry(control, access_token):
    control.call("claims", claim=PLAN, **{"from": "user.email"})
    token = access_token(claims={PLAN: "spoiled"})
    assert result(control, token) == {
        PLAN: "none of the entries has this value now: mockidp.claims[0] (from user.email)"
    }


def test_a_value_from_a_request_is_taken_as_it_is(control, access_token):
    control.call("claims", claim=PLAN, **{"from": "request.ext-plan"})
    token = access_token(claims={PLAN: "blue"})
    assert result(control, token) == {PLAN: "mockidp.claims[0] (from request.ext-plan)"}


def test_limits_that_a_token_shows(control, access_token, id_token):
    control.call("claims", claim="a", value=1, audience="https://hs.acme.example/")
    control.call("claims", claim="b", value=1, scope="write:items")
    control.call("claims", claim="c", value=1, client="jobs")
    token = access_token(scope="read:items", client="web")
    assert result(control, token) is None
    # An ID token shows neither its API nor its scope.
    assert result(control, id_token(client="web")) == {
        "a": "omitted by mockidp.claims[0] (value): the token was made without it",
        "b": "omitted by mockidp.claims[1] (value): the token was made without it",
    }


def test_a_token_for_several_audiences(control, access_token):
    control.call("claims", claim=PLAN, value=1, audience=API)
    token = access_token(scope="openid read:items")
    assert result(control, token) == {PLAN: "mockidp.claims[0] (value)"}


@pytest.mark.parametrize("audience", [[], [{}], {}, 7, None])
def test_a_foreign_token_of_any_shape(control, audience):
    control.call("claims", claim=PLAN, value=1)
    token = jwt.encode({"aud": audience, "sub": [], "scope": 7, PLAN: 1}, "x" * 32)
    assert result(control, token) == {PLAN: "mockidp.claims[0] (value)"}
