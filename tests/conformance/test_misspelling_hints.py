"""Hints for misspelt scopes, parameters and names, which Auth0 ignores or refuses."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, API, DATABASE, with_client
from helpers.tenant_client import TenantClient, hint, sent_to_callback

OPEN = "https://open.example/"
DROPPED = (
    f"Scope `read:itmes` was dropped: API {API} defines no such scope. Did you mean `read:items`?"
)


def test_auth0_authorize__a_misspelt_scope_is_dropped_with_a_hint(idp):
    answer = idp.authorize(audience=API, scope="openid read:itmes write:items")
    assert answer.location.startswith("/u/login?state=")
    assert hint(answer) == DROPPED
    assert idp.tenant.journal.last("authorize").hint == DROPPED
    code = sent_to_callback(idp.log_in(answer.location))["code"]
    assert idp.redeem(code).json["scope"] == "openid write:items"
    assert idp.tenant.journal.last("resume").hint == ""


def test_auth0_authorize__an_unknown_scope_is_dropped_with_a_hint(idp):
    answer = idp.authorize(audience=API, scope="openid xyz")
    assert hint(answer) == f"Scope `xyz` was dropped: API {API} defines no such scope."


def test_auth0_authorize__without_an_audience_the_scopes_of_an_api_are_dropped_with_a_hint(idp):
    assert hint(idp.authorize(scope="openid read:items")) == (
        "Scope `read:items` was dropped: the request has no audience, and only an API defines such "
        "a scope."
    )
    assert hint(idp.authorize(scope="openid proflie")) == (
        "Scope `proflie` was dropped. Did you mean `profile`?"
    )


def test_auth0_authorize__scopes_separated_by_commas_cause_a_hint(idp):
    assert hint(idp.authorize(scope="openid,profile")) == (
        "Scope `openid,profile` was dropped: scopes are separated by spaces, not commas."
    )


def test_auth0_authorize__standard_scopes_cause_no_hint(idp):
    scope = "openid profile email phone address offline_access name picture"
    assert hint(idp.authorize(scope=scope)) == ""
    assert hint(idp.authorize(client_id="code-only", audience=API, scope=scope)) == ""


def test_auth0_authorize__a_scope_of_the_legacy_pipeline_causes_no_hint():
    idp = TenantClient(with_client(ACME, "web", oidc_conformant=False))
    assert hint(idp.authorize(scope="openid app_metadata")) == ""


def test_auth0_authorize__at_most_five_dropped_scopes_are_named(idp):
    scopes = [f"{number}{'x' * 100}" for number in range(9)]
    answer = idp.authorize(audience=API, scope=" ".join(scopes))
    assert hint(answer).split("`")[1::2] == [one[:80] for one in scopes[:5]]


def test_auth0_token__a_misspelt_scope_of_a_password_request_is_dropped_with_a_hint(idp):
    answer = idp.password_token(audience=API, scope="read:itmes")
    assert answer.status_code == 200
    assert hint(answer) == DROPPED


def test_auth0_token__a_misspelt_scope_of_a_client_is_dropped_with_a_hint(idp):
    answer = idp.machine_token(audience=OPEN, scope="a c")
    assert answer.json["scope"] == "a"
    assert hint(answer) == f"Scope `c` was dropped: API {OPEN} defines no such scope."


def test_auth0_token__a_scope_that_a_refresh_leaves_out_causes_no_hint(idp):
    tokens = idp.tokens(audience=API, scope="openid offline_access read:items")
    answer = idp.refresh(tokens["refresh_token"], scope="openid read:itmes")
    assert answer.json["scope"] == "openid"
    assert hint(answer) == ""


def test_auth0_token__a_misspelt_name_of_a_missing_parameter_is_the_hint(idp):
    answer = idp.token(grant_typ="authorization_code")
    assert answer.json["error_description"] == "Missing required parameter: grant_type"
    assert hint(answer) == "Parameter `grant_typ` was sent. Did you mean `grant_type`?"
    answer = idp.machine_token(audince=API)
    assert answer.status_code == 403
    assert hint(answer).startswith(
        "Parameter `audince` was sent. Did you mean `audience`? No audience was sent, which requests"
    )


def test_auth0_token__an_empty_parameter_is_not_reported_as_misspelt(idp):
    assert hint(idp.token(grant_type="")) == (
        "Parameter `grant_type` was empty, which counts as absent. Send it."
    )


@pytest.mark.parametrize(
    ("username", "meant"),
    [
        ("alcie@acme.example", " Did you mean alice@acme.example?"),
        ("Alice@acme.exmaple", " Did you mean alice@acme.example?"),
        ("lesss", " Did you mean less?"),
        ("zzz", ""),
        ("staffer@acme.exampel", ""),  # a user of another connection
        ("'alice@acme.example'", " The name that was sent is in quotation marks."),
    ],
)
def test_auth0_login__the_hint_for_an_unknown_user_suggests_a_known_one(username, meant):
    users = tuple(one for one in ACME.users if one.connection == "staff" or one.username)
    idp = TenantClient(replace(ACME, users=(ACME.users[0], *users)))
    unknown = f"Connection {DATABASE} has no user with the e-mail or username {username!r}."
    answer = idp.password_token(username=username)
    assert answer.status_code == 403
    assert hint(answer).startswith(f"{unknown}{meant}")
    login = idp.authorize(connection=DATABASE).location
    answer = idp.submit(login, username=username, password="x", action="default")
    assert answer.status_code == 400
    assert hint(answer).startswith(f"{unknown}{meant}")
    if not meant:
        assert "Did you mean" not in hint(answer)
