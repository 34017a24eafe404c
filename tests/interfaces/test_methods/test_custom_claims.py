"""Custom claims that a test adds."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, API, URL
from helpers.tenant_client import claims_of, sent_to_callback
from mockidp import CustomClaim, MockIdP, MockIdPError

PLAN = "https://acme.example/plan"


def plan_of(idp, **fields):
    return claims_of(idp.id_token(user="alice", **fields)).get(PLAN)


def test_a_claim_from_a_path_is_in_tokens_and_userinfo(idp, wire):
    idp.add_user("carol", app_metadata={"plan": "pro"})
    entry = idp.add_claim(PLAN, from_="user.app_metadata.plan")
    assert entry == CustomClaim(claim=PLAN, path="user.app_metadata.plan")
    tokens = wire.tokens("carol", audience=API)
    assert claims_of(tokens["id_token"])[PLAN] == "pro"
    assert claims_of(tokens["access_token"])[PLAN] == "pro"
    assert wire.userinfo(tokens["access_token"]).json[PLAN] == "pro"


@pytest.mark.parametrize("value", ["pro", None, 0, {"name": "pro", "seats": [1, 2]}])
def test_a_value_is_used_unchanged(idp, value):
    assert idp.add_claim(PLAN, value=value).value == value
    assert claims_of(idp.id_token(user="alice"))[PLAN] == value


def test_a_claim_can_be_limited(idp):
    entry = idp.add_claim(
        PLAN, value=1, in_="id_token", client="web", audience=API, user="alice", scope="email"
    )
    assert entry == CustomClaim(
        claim=PLAN,
        value=1,
        places=("id_token",),
        client="web",
        audience=API,
        user="alice",
        scope="email",
    )
    assert plan_of(idp) is None, "a minted ID token has no audience that is an API"


def test_a_claim_can_be_limited_to_several_places(idp):
    idp.add_claim(PLAN, value=1, in_=["access_token", "userinfo"])
    assert plan_of(idp) is None
    assert claims_of(idp.access_token(audience=API, user="alice"))[PLAN] == 1


def test_the_claim_added_last_wins(idp):
    idp.add_claim(PLAN, value="free")
    idp.add_claim(PLAN, value="pro", user="alice")
    assert plan_of(idp) == "pro"
    assert claims_of(idp.id_token(user="bob"))[PLAN] == "free"


def test_minted_tokens_have_no_claims_from_a_request(idp):
    idp.add_claim(PLAN, from_="request.client_id")
    idp.add_claim("https://acme.example/by", from_="client.client_id")
    claims = claims_of(idp.access_token(audience=API, client="m2m"))
    assert PLAN not in claims
    assert claims["https://acme.example/by"] == "m2m"


def test_claims_of_a_minted_token_win(idp):
    idp.add_claim(PLAN, value="pro")
    assert plan_of(idp, claims={PLAN: "free"}) == "free"
    assert plan_of(idp, remove=PLAN) is None


def test_a_reset_removes_them(idp):
    idp.add_claim(PLAN, value="pro")
    idp.reset()
    assert plan_of(idp) is None


def test_a_snapshot_contains_them(idp):
    idp.add_claim(PLAN, value={"a": [None]}, in_="id_token")
    snapshot = idp.snapshot()
    idp.reset()
    idp.restore(snapshot)
    assert plan_of(idp) == {"a": [None]}
    assert claims_of(idp.access_token(audience=API, user="alice")).get(PLAN) is None


@pytest.mark.parametrize(
    ("claim", "fields", "message"),
    [
        ("roles", {"value": 1}, "claim 'roles': claim: found the string 'roles', expected a claim that"),
        (PLAN, {}, f"claim '{PLAN}': from: found neither from nor value, expected one of the two"),
        (PLAN, {"value": 1, "from_": "user.email"}, "value: found value together with from"),
        (PLAN, {"from_": "user.app_metdata.x"}, "did you mean user.app_metadata.x?"),
        (PLAN, {"from_": "user.password"}, "expected a path to something that is not a secret"),
        (PLAN, {"value": 1, "in_": "idtoken"}, "did you mean id_token?"),
        (PLAN, {"value": 1, "client": "wbe"}, "expected a client's id or name; did you mean web?"),
        (PLAN, {"value": 1, "user": "alicia"}, "did you mean alice?"),
        (PLAN, {"value": 1, "audience": API[:-1]}, f"did you mean {API}?"),
        (PLAN, {"value": {1, 2}}, "value: found {1, 2}, expected a JSON value: "),
    ],
)  # fmt: skip
def test_an_error_is_reported_and_changes_nothing(idp, claim, fields, message):
    with pytest.raises(MockIdPError) as refused:
        idp.add_claim(claim, **fields)
    assert message in str(refused.value)
    assert plan_of(idp) is None


def test_custom_claims_that_are_too_large_are_reported(idp):
    idp.add_claim(PLAN, value="x" * 60_000)
    idp.add_claim("more", value="x" * 60_000)
    for mint in (
        lambda: idp.access_token(audience=API, user="alice"),
        lambda: idp.access_token(audience=API, client="m2m"),
        lambda: idp.id_token(user="alice"),
    ):
        with pytest.raises(MockIdPError, match=r"have 12\d{4} bytes including their names"):
            mint()


def test_claims_in_settings_that_name_an_unknown_client_are_refused(interface):
    claims = [{"claim": PLAN, "value": 1, "client": "web"}]
    with pytest.raises(MockIdPError) as refused:
        interface.make({"clients": [{"client_id": "shop"}]}, settings={"claims": claims})
    assert str(refused.value) == (
        "settings: claims[0].client: found the string 'web', expected a client's id or name"
    )


def test_claims_can_be_given_in_settings(interface, valid_tenant):
    idp = interface.make(
        valid_tenant, settings={"claims": [{"claim": PLAN, "value": 1, "client": "web"}]}
    )
    assert plan_of(idp, client="web") == 1
    assert plan_of(idp, client="other") is None


def test_other_errors_of_a_document_do_not_affect_its_claims():
    claims = [{"claim": PLAN, "value": 1, "client": "web"}]
    document = replace(ACME, resource_servers=())  # grants name removed APIs
    idp = MockIdP(document, url=URL, settings={"claims": claims})
    assert plan_of(idp, client="web") == 1


def test_they_are_in_tokens_of_an_impersonated_login(idp, wire):
    idp.add_claim(PLAN, from_="request.response_type")
    idp.add_claim("how", from_="request.grant_type")
    idp.add_claim("who", from_="user.user_id")
    link = idp.impersonation_link("alice", client="web", state="s").removeprefix(wire.url)
    code = sent_to_callback(wire.request("GET", link))["code"]
    claims = claims_of(wire.redeem(code).json["id_token"])
    assert (claims[PLAN], claims["how"]) == ("code", "authorization_code")
    assert claims["who"] == "auth0|alice"
