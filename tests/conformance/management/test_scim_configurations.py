"""SCIM configurations of connections in the Management API, and their tokens."""

import pytest

from helpers.scim import CORP, Directory, company, corp, dana
from helpers.tenant_client import bearer, hint
from mockidp.resources.connection import Connection

UNSUPPORTED = (
    404,
    (
        "This connection type does not support SCIM. Please see our documentation for the "
        "currently supported connection types: https://auth0.com/docs/authenticate/protocols/scim/"
        "configure-inbound-scim."
    ),
    None,
)
SAML, ENTRA, GOOGLE = "saml", "entra", "google"
BODY = {
    "user_id_attribute": "userName",
    "mapping": [{"scim": "userName", "auth0": "preferred_username"}],
}
SCOPES = ["get:users", "post:users", "put:users", "patch:users", "delete:users"]
OTHERS = (
    Connection(name=ENTRA, strategy="waad"),
    Connection(name=GOOGLE, strategy="google-oauth2"),
    Connection(name=SAML, strategy="samlp"),
)


def error(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


def id_of(idp, name):
    return idp.tenant.directory.connection(name).id


@pytest.fixture
def idp():
    return Directory(company(corp(), *OTHERS))


def test_a_configuration_has_auth0s_defaults(idp):
    path = f"/connections/{id_of(idp, SAML)}/scim-configuration"
    answer = idp.manage("POST", path)
    assert answer.status_code == 201
    made = answer.json
    mapping = made.pop("mapping")
    now = made["created_at"]
    assert list(made.items()) == [
        ("tenant_name", idp.tenant.name),
        ("connection_id", id_of(idp, SAML)),
        ("connection_name", "saml"),
        ("strategy", "samlp"),
        ("updated_on", now),
        ("created_at", now),
        ("user_id_attribute", "userName"),
    ]
    assert mapping[:4] == [
        {"scim": "userName", "auth0": "preferred_username"},
        {"scim": "emails[primary eq true].value", "auth0": "email"},
        {"scim": "externalId", "auth0": "app_metadata.external_id"},
        {"scim": "active", "auth0": "blocked"},
    ]
    assert len(mapping) == 32
    assert idp.manage("GET", path).json == {**made, "mapping": mapping}
    assert idp.manage("GET", f"{path}/default-mapping").json == {"mapping": mapping}
    entra = idp.manage(
        "GET", f"/connections/{id_of(idp, ENTRA)}/scim-configuration/default-mapping"
    ).json["mapping"]
    assert entra[1] == {"scim": 'emails[type eq "work"].value', "auth0": "email"}


def test_a_configuration_is_replaced_and_deleted(idp):
    path = f"/connections/{id_of(idp, CORP)}/scim-configuration"
    idp.later(60)
    before, answer = idp.manage("GET", path).json, idp.manage("PATCH", path, BODY)
    assert answer.status_code == 200
    assert answer.json == {**before, **BODY, "updated_on": answer.json["updated_on"]}
    assert answer.json["updated_on"] > before["updated_on"]
    assert idp.provision()["id"] == "okta|corp|dana@corp.example"
    assert idp.manage("DELETE", path).status_code == 204
    assert idp.manage("DELETE", path).status_code == 204
    assert error(idp.manage("GET", path)) == (404, "Not Found", None)
    assert idp.scim("GET").status_code == 401
    assert idp.manage("POST", path, BODY).status_code == 201
    assert idp.scim("GET").status_code == 401, "the token was deleted"


@pytest.mark.parametrize(
    ("method", "more"),
    [("GET", ""), ("PATCH", ""), ("GET", "/tokens"), ("POST", "/tokens")],
)
def test_a_connection_without_a_configuration_is_a_404(idp, method, more):
    body = BODY if method == "PATCH" else None
    answer = idp.manage(method, f"/connections/{id_of(idp, SAML)}/scim-configuration{more}", body)
    assert error(answer) == (404, "Not Found", None)
    assert "Connection saml has no SCIM configuration. Create one" in hint(answer)


@pytest.mark.parametrize(
    ("method", "more"),
    [
        ("GET", ""),
        ("POST", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("GET", "/default-mapping"),
        ("GET", "/tokens"),
        ("POST", "/tokens"),
        ("DELETE", "/tokens/tok_1"),
    ],
)
def test_another_strategy_does_not_support_scim(idp, method, more):
    body = BODY if method == "PATCH" else None
    answer = idp.manage(method, f"/connections/{id_of(idp, GOOGLE)}/scim-configuration{more}", body)
    assert error(answer) == UNSUPPORTED
    assert "SCIM needs one of samlp, oidc, okta, waad." in hint(answer)
    missing = idp.manage(method, f"/connections/con_0/scim-configuration{more}", body)
    assert error(missing) == (404, "The connection does not exist", "inexistent_connection")


def test_a_second_configuration_is_refused(idp):
    answer = idp.manage("POST", f"/connections/{id_of(idp, CORP)}/scim-configuration")
    assert error(answer) == (400, "The SCIM configuration already exists", None)
    assert "Change it with PATCH" in hint(answer)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"user_id_attribute": "id"}, "Missing required property: mapping"),
        ({**BODY, "name": "x"}, "Additional properties not allowed: name"),
        ({**BODY, "user_id_attribute": 1}, "Expected type string but found type number"),
        ({**BODY, "user_id_attribute": "a b"}, "Expected the path of a SCIM attribute"),
        ({**BODY, "mapping": [{"scim": "a[", "auth0": "b"}]}, "Expected the path of a SCIM"),
        ({**BODY, "mapping": {}}, "Expected type array but found type object"),
        ({**BODY, "mapping": ["userName"]}, "Expected type object but found type string"),
        ({**BODY, "mapping": [{"scim": "userName"}]}, "Missing required property: auth0"),
        ({**BODY, "mapping": [{"scim": "a", "auth0": 1}]}, "Expected type string"),
        (
            {**BODY, "mapping": [{"scim": "a", "auth0": "b", "x": 1}]},
            "Additional properties not allowed: x",
        ),
        (
            {**BODY, "mapping": [{"scim": "a", "auth0": "b"}, {"scim": "a", "auth0": "c"}]},
            "Duplicate scim attribute in mapping",
        ),
        (
            {**BODY, "mapping": [{"scim": "a", "auth0": "b"}, {"scim": "c", "auth0": "b"}]},
            "Duplicate auth0 attribute in mapping",
        ),
    ],
)
def test_a_wrong_configuration_is_refused(idp, body, reason):
    before = idp.manage("GET", f"/connections/{id_of(idp, CORP)}/scim-configuration").json
    answer = idp.manage("PATCH", f"/connections/{id_of(idp, CORP)}/scim-configuration", body)
    status, message, code = error(answer)
    assert (status, code) == (400, "invalid_body")
    assert reason in message
    assert idp.manage("GET", f"/connections/{id_of(idp, CORP)}/scim-configuration").json == before


def test_configurations_are_listed_by_checkpoint(idp):
    idp.manage("POST", f"/connections/{id_of(idp, SAML)}/scim-configuration")
    path = "/connections-scim-configurations"
    both = idp.manage("GET", path).json
    assert [one["connection_name"] for one in both["scim_configurations"]] == [CORP, "saml"]
    assert "next" not in both
    first = idp.manage("GET", f"{path}?take=1").json
    second = idp.manage("GET", f"{path}?take=1&from={first['next']}").json
    assert second == {"scim_configurations": both["scim_configurations"][1:]}


def test_directory_provisionings_are_an_empty_list(idp):
    answer = idp.manage("GET", "/connections-directory-provisionings?take=50")
    assert (answer.status_code, answer.json) == (200, {"directory_provisionings": []})


def test_a_connection_does_not_show_its_configuration_and_a_patch_keeps_it(idp):
    path = f"/connections/{idp.connection_id}"
    assert "scim_configuration" not in idp.manage("GET", path).json
    assert idp.manage("PATCH", path, {"display_name": "Corp"}).status_code == 200
    assert idp.scim("GET").status_code == 200
    answer = idp.manage("PATCH", path, {"scim_configuration": {}})
    assert "Additional properties not allowed: scim_configuration" in answer.json["message"]


def test_a_token_is_shown_once(idp):
    path = f"/connections/{id_of(idp, CORP)}/scim-configuration/tokens"
    idp.manage("DELETE", f"{path}/{idp.scim_token.partition('.')[0]}")
    answer = idp.manage("POST", path, {"scopes": ["get:users"], "token_lifetime": 950})
    assert answer.status_code == 201
    made = answer.json
    assert list(made) == ["token_id", "token", "scopes", "created_at", "valid_until"]
    secret = made.pop("token")
    assert secret.startswith(f"{made['token_id']}.")
    assert (len(made["token_id"]), len(secret)) == (len("tok_") + 16, 85)
    assert idp.manage("GET", path).json == [made]
    assert idp.scim("GET", headers=bearer(secret)).status_code == 200
    used = idp.manage("GET", path).json
    assert used == [{**made, "last_used_at": made["created_at"]}]
    idp.later(950)
    assert idp.manage("GET", path).json == []


def test_a_token_has_all_scopes_for_users_and_does_not_expire(idp):
    assert list(idp.new_token()) == ["token_id", "token", "scopes", "created_at"]
    assert [
        one["scopes"]
        for one in idp.manage(
            "GET", f"/connections/{id_of(idp, CORP)}/scim-configuration/tokens"
        ).json
    ] == [
        SCOPES,
        SCOPES,
    ]


def test_a_connection_has_at_most_two_tokens(idp):
    idp.new_token(token_lifetime=900)
    path = f"/connections/{id_of(idp, CORP)}/scim-configuration/tokens"
    answer = idp.manage("POST", path)
    assert error(answer) == (409, "A connection can have at most 2 SCIM tokens", None)
    assert "Connection corp has 2 SCIM tokens. Delete one." in hint(answer)
    idp.later(900)
    assert idp.manage("POST", path, {"token_lifetime": None}).status_code == 201


def test_a_deleted_token_does_not_have_to_exist(idp):
    path = f"/connections/{id_of(idp, CORP)}/scim-configuration/tokens"
    other = f"/connections/{id_of(idp, SAML)}/scim-configuration/tokens"
    token_id = idp.scim_token.partition(".")[0]
    assert idp.manage("DELETE", f"{other}/{token_id}").status_code == 204
    assert idp.scim("GET").status_code == 200, "it is a token of another connection"
    assert idp.manage("DELETE", f"{path}/{token_id}").status_code == 204
    assert idp.manage("DELETE", f"{path}/{token_id}").status_code == 204
    assert idp.scim("GET").status_code == 401


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"scopes": []}, "Array is too short (0)"),
        ({"scopes": ["read:users"]}, "No enum match for: read:users"),
        ({"scopes": "get:users"}, "Expected type array of strings"),
        ({"token_lifetime": 899}, "Expected a number from 900"),
        ({"token_lifetime": "900"}, "Expected type number but found type string"),
        ({"name": "x"}, "Additional properties not allowed: name"),
    ],
)
def test_a_wrong_token_is_refused(idp, body, reason):
    status, message, code = error(
        idp.manage("POST", f"/connections/{id_of(idp, CORP)}/scim-configuration/tokens", body)
    )
    assert (status, code) == (400, "invalid_body")
    assert reason in message


def test_a_deleted_connection_has_no_tokens_when_it_is_added_again(idp):
    assert idp.manage("DELETE", f"/connections/{idp.connection_id}").status_code == 202
    assert idp.scim("GET").status_code == 401
    idp.manage("POST", "/connections", {"name": CORP, "strategy": "okta"})
    assert id_of(idp, CORP) == idp.connection_id
    idp.manage("POST", f"/connections/{id_of(idp, CORP)}/scim-configuration")
    assert idp.scim("POST", body=dana()).status_code == 401
