"""The tokens of SCIM endpoints, and calls that they do not have."""

import pytest

from helpers.scim import CORP, Directory, company, corp, dana, error, path_of
from helpers.tenant_client import bearer, hint
from mockidp.resources.connection import Connection
from mockidp.resources.scim_configuration import ScimConfiguration

UNAUTHORIZED = (401, None, "Unauthorized")


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({}, "Send `Authorization: Bearer <token>`."),
        ({"Authorization": "Basic YTpi"}, "Basic"),
        (bearer("tok_0123456789abcdef.00"), "The SCIM token is unknown, or was deleted."),
        (bearer("x"), "The SCIM token is unknown, or was deleted."),
    ],
)
def test_rfc7644_2__a_call_needs_a_token(idp, headers, why):
    answer = idp.scim("GET", headers=headers)
    assert error(answer) == UNAUTHORIZED
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert why in hint(answer)


def test_the_secret_of_a_token_is_compared_and_not_in_the_hint(idp):
    wrong = idp.scim_token[:-1] + ("0" if idp.scim_token[-1] != "0" else "1")
    answer = idp.scim("GET", headers=bearer(wrong))
    assert error(answer) == UNAUTHORIZED
    assert wrong not in hint(answer)


def test_auth0_scim__a_token_expires(idp):
    token = idp.new_token(token_lifetime=900)
    assert idp.scim("GET", headers=bearer(token["token"])).status_code == 200
    idp.later(900)
    answer = idp.scim("GET", headers=bearer(token["token"]))
    assert error(answer) == UNAUTHORIZED
    assert "The SCIM token has expired." in hint(answer)
    assert idp.scim("GET").status_code == 200


def test_auth0_scim__a_deleted_token_does_not_work(idp):
    path = f"/connections/{idp.connection_id}/scim-configuration/tokens"
    idp.manage("DELETE", f"{path}/{idp.scim_token.partition('.')[0]}")
    assert error(idp.scim("GET")) == UNAUTHORIZED


def test_auth0_scim__a_token_belongs_to_one_connection():
    other = Connection(name="other", strategy="oidc", scim_configuration=ScimConfiguration())
    idp = Directory(company(corp(), other))
    path = f"/scim/v2/connections/{idp.tenant.directory.connection('other').id}/Users"
    answer = idp.request("GET", path, headers=bearer(idp.scim_token))
    assert error(answer) == UNAUTHORIZED
    assert "does not belong to connection other." in hint(answer)
    answer = idp.request("GET", "/scim/v2/connections/con_0/Users", headers=bearer(idp.scim_token))
    assert error(answer) == UNAUTHORIZED
    assert "No connection has that id." in hint(answer)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/Users", None, 200),
        ("GET", path_of("okta|corp|zoe"), None, 200),
        ("POST", "/Users", dana(), 201),
        ("PUT", path_of("okta|corp|zoe"), dana(), 200),
        ("PATCH", path_of("okta|corp|zoe"), None, 400),
        ("DELETE", path_of("okta|corp|zoe"), None, 204),
    ],
)
def test_auth0_scim__each_method_has_a_scope(method, path, body, status):
    scope = f"{method.lower()}:users"
    others = [
        f"{one}:users" for one in ("get", "post", "put", "patch", "delete") if one not in scope
    ]
    answer = Directory(scopes=others).scim(method, path, body)
    assert error(answer) == (403, None, f"Insufficient scope, expected: {scope}")
    assert f"but not {scope}. Create a token with that scope." in hint(answer)
    idp = Directory(scopes=[scope])
    body = body or ({"schemas": []} if method == "PATCH" else None)
    assert idp.scim(method, path, body).status_code == status


def test_a_connection_without_a_configuration_refuses_tokens(idp):
    idp.edit(company(Connection(name=CORP, strategy="okta")))
    answer = idp.scim("GET")
    assert error(answer) == UNAUTHORIZED
    assert "Connection corp has no `scim_configuration` now." in hint(answer)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/ServiceProviderConfig"),
        ("DELETE", "/Users"),
        ("DELETE", "/Groups"),
        ("POST", "/Groups/.search"),
        ("POST", "/Users/.search"),
        ("GET", ""),
    ],
)
def test_other_calls_do_not_exist(idp, method, path):
    answer = idp.scim(method, path, {} if method == "POST" else None)
    assert error(answer) == (404, None, "Not Found")
    assert f"The SCIM endpoint has no call {method}" in hint(answer)
    assert error(idp.get("/scim/v3"))[0] == 404


def test_a_call_is_in_the_journal_and_in_the_logs(idp):
    idp.provision()
    idp.scim("POST", body=dana())
    entry = list(idp.tenant.journal)[-2]
    assert (entry.endpoint, entry.status, entry.user) == ("scim", 201, "okta|corp|00u1")
    assert idp.scim_token not in str(entry)
    logs = idp.manage("GET", "/logs").json
    assert [one["type"] for one in logs if "scim" in one["type"]] == ["fscim", "sscim"]
