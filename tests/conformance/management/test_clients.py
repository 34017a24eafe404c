"""Clients of the Management API, and what a change does to their requests."""

from dataclasses import replace

import pytest
from cryptography import x509

from helpers.acme import ACME, CALLBACK, with_tenant
from helpers.tenant_client import claims_of, hint
from mockidp.resources.client import CLIENT
from mockidp.tenant.content.tenant_settings import TenantFlags
from mockidp.testing import records


def error(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


@pytest.fixture
def app(idp):
    answer = idp.call("POST", "/clients", {"name": "App", "callbacks": [CALLBACK]})
    assert answer.status_code == 201
    return answer.json


def credentials(app):
    return {"client_id": app["client_id"], "client_secret": app["client_secret"]}


def test_a_new_client_has_auth0s_defaults(app):
    assert app["client_id"].isalnum()
    assert (len(app["client_id"]), len(app["client_secret"])) == (32, 64)
    assert app["grant_types"] == [
        "authorization_code", "implicit", "refresh_token", "client_credentials",
    ]  # fmt: skip
    assert app["jwt_configuration"] == {"secret_encoded": False, "lifetime_in_seconds": 36000}
    assert app["refresh_token"]["rotation_type"] == "non-rotating"
    assert (app["is_first_party"], app["oidc_conformant"], app["global"]) == (True, False, False)


def test_the_algorithm_of_a_client_is_shown_once_it_is_set(idp, app):
    path = f"/clients/{app['client_id']}"
    assert "alg" not in idp.call("GET", path).json["jwt_configuration"]
    changed = idp.call("PATCH", path, {"jwt_configuration": {"alg": "RS256"}}).json
    assert changed["jwt_configuration"]["alg"] == "RS256"
    assert idp.call("GET", path).json["jwt_configuration"] == changed["jwt_configuration"]


def test_the_signing_keys_of_a_client_are_those_of_the_tenant(idp, app, make_idp):
    (key,) = app["signing_keys"]
    assert key.keys() == {"cert", "pkcs7", "subject"}
    certificate = x509.load_pem_x509_certificate(key["cert"].encode())
    assert key["subject"] == f"/{certificate.subject.rfc4514_string()}"
    current = idp.call("GET", "/keys/signing").json[0]
    assert (key["cert"], key["pkcs7"]) == (current["cert"], current["pkcs7"])
    idp.call("POST", "/keys/signing/rotate")
    (rotated,) = idp.call("GET", f"/clients/{app['client_id']}").json["signing_keys"]
    assert rotated["cert"] == idp.call("GET", "/keys/signing").json[0]["cert"] != key["cert"]
    assert "signing_keys" not in make_idp("read:clients").call("GET", "/clients").json[0]


def test_two_clients_may_have_the_same_name(idp, app):
    another = idp.call("POST", "/clients", {"name": "App"})
    assert (another.status_code, another.json["name"]) == (201, "App")
    assert another.json["client_id"] != app["client_id"]
    for client_id in (app["client_id"], another.json["client_id"], "web"):
        path = f"/clients/{client_id}"
        assert idp.call("PATCH", path, {"name": "App", "description": "x"}).status_code == 200
        assert idp.call("POST", f"{path}/rotate-secret").status_code == 200
    assert [one["name"] for one in idp.call("GET", "/clients").json].count("App") == 3


def test_one_of_two_clients_that_registered_with_the_same_name_can_be_changed(make_idp):
    flags = TenantFlags(enable_dynamic_client_registration=True)
    idp = make_idp(document=with_tenant(ACME, flags=flags))
    body = {"client_name": "MCP", "redirect_uris": [CALLBACK]}
    ids = [idp.post("/oidc/register", json_body=body).json["client_id"] for _ in range(2)]
    for client_id in ids:
        change = {"description": "known"}
        assert idp.call("PATCH", f"/clients/{client_id}", change).status_code == 200
        assert records.patch(idp.tenant, CLIENT, client_id, change).name == "MCP"


def test_what_was_not_sent_is_absent_as_in_the_recordings(idp, app):
    for one in (app, idp.call("GET", f"/clients/{app['client_id']}").json):
        assert not {"app_type", "token_endpoint_auth_method"} & one.keys()
        assert one["refresh_token"] == {
            "rotation_type": "non-rotating",
            "expiration_type": "non-expiring",
            "leeway": 0,
            "token_lifetime": 2592000,
            "infinite_token_lifetime": True,
            "infinite_idle_token_lifetime": True,
            "idle_token_lifetime": 1296000,
        }


def test_what_was_sent_is_in_the_answer(idp):
    sent = {"app_type": "regular_web", "token_endpoint_auth_method": "client_secret_post"}
    made = idp.call("POST", "/clients", {"name": "App"} | sent).json
    for one in (made, idp.call("GET", f"/clients/{made['client_id']}").json):
        assert sent.items() <= one.items()
    path = f"/clients/{made['client_id']}"
    cleared = idp.call("PATCH", path, dict.fromkeys(sent)).json
    assert not sent.keys() & cleared.keys()
    tokens = idp.redeem("unknown", client_id=made["client_id"], client_secret="wrong")
    assert tokens.status_code == 401


def test_a_new_client_logs_users_in(idp, app):
    assert idp.call("PATCH", f"/clients/{app['client_id']}", {"oidc_conformant": True}).json
    tokens = idp.redeem(idp.callback(client_id=app["client_id"])["code"], **credentials(app))
    assert claims_of(tokens.json["id_token"])["aud"] == app["client_id"]


def test_a_rotated_secret_invalidates_the_old_one(idp, app):
    rotated = idp.call("POST", f"/clients/{app['client_id']}/rotate-secret").json
    assert rotated["client_secret"] != app["client_secret"]
    form = {"grant_type": "refresh_token", "refresh_token": "none"}
    assert idp.token(**credentials(app), **form).status_code == 401
    assert idp.token(**credentials(rotated), **form).json["error"] == "invalid_grant"


def test_secrets_need_a_scope_of_their_own(make_idp, idp):
    reader = make_idp("read:clients")
    assert not any("client_secret" in one for one in reader.call("GET", "/clients").json)
    assert any("client_secret" in one for one in idp.call("GET", "/clients").json)


def test_metadata_and_jwt_configuration_are_merged(idp, app):
    path = f"/clients/{app['client_id']}"
    idp.call("PATCH", path, {"client_metadata": {"a": "1", "b": "2"}})
    change = {"client_metadata": {"a": None, "c": "3"}, "jwt_configuration": {"alg": "PS256"}}
    changed = idp.call("PATCH", path, change).json
    assert changed["client_metadata"] == {"b": "2", "c": "3"}
    assert changed["jwt_configuration"]["alg"] == "PS256"
    assert changed["jwt_configuration"]["lifetime_in_seconds"] == 36000
    assert idp.call("GET", path).json == changed


def test_a_field_is_replaced_and_null_restores_its_default(idp, app):
    path = f"/clients/{app['client_id']}"
    idp.call(
        "PATCH", path, {"refresh_token": {"rotation_type": "rotating"}, "logo_uri": "https://l/"}
    )
    changed = idp.call("PATCH", path, {"refresh_token": None, "logo_uri": None}).json
    assert changed["refresh_token"]["rotation_type"] == "non-rotating"
    assert "logo_uri" not in changed


@pytest.mark.parametrize("name", ["client_id", "global", "tenant", "signing_keys", "colour"])
def test_other_keys_are_refused(idp, app, name):
    for method, path in (("POST", "/clients"), ("PATCH", f"/clients/{app['client_id']}")):
        answer = idp.call(method, path, {"name": "x", name: "x"})
        message = f"Payload validation error: 'Additional properties not allowed: {name}'."
        assert error(answer) == (400, message, "invalid_body")


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_an_empty_name_is_refused(idp, app, method):
    path = "/clients" if method == "POST" else f"/clients/{app['client_id']}"
    answer = idp.call(method, path, {"name": ""})
    reason = "'String is too short (0 chars), minimum 1' on property name."
    assert error(answer) == (400, f"Payload validation error: {reason}", "invalid_body")
    assert hint(answer) == "`name` is empty."


def test_a_wrong_value_is_refused(idp):
    answer = idp.call("POST", "/clients", {"name": "x", "callbacks": ["no url"]})
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")
    assert answer.json["message"].endswith("on property callbacks[0].")
    assert hint(answer)


def test_a_deleted_client_is_refused(idp, app):
    code = idp.callback(client_id=app["client_id"])["code"]
    assert idp.call("DELETE", f"/clients/{app['client_id']}").status_code == 204
    assert idp.redeem(code, **credentials(app)).status_code in (401, 403)
    found = idp.call("GET", f"/clients/{app['client_id']}")
    assert error(found) == (404, "The client does not exist", "inexistent_client")
    assert idp.call("DELETE", f"/clients/{app['client_id']}").status_code == 204


def test_clients_are_filtered(idp, app):
    def ids(**query):
        return [one["client_id"] for one in idp.call("GET", "/clients", **query).json]

    idp.call("PATCH", f"/clients/{app['client_id']}", {"app_type": "regular_web"})
    assert app["client_id"] in ids(is_first_party="true", app_type="regular_web,spa")
    assert app["client_id"] not in ids(is_first_party="false")
    assert app["client_id"] not in ids(app_type="spa")
    assert ids(is_global="true") == ["global"]


def test_every_tenant_has_a_global_client(make_idp):
    without = replace(ACME, clients=tuple(one for one in ACME.clients if not one.is_global))
    idp = make_idp(document=without)
    [found] = idp.call("GET", "/clients", is_global="true").json
    assert (found["name"], found["global"]) == ("All Applications", True)
    path = f"/clients/{found['client_id']}"
    assert idp.call("GET", path).json == found
    page = {"custom_login_page": "<html>", "custom_login_page_on": True}
    assert idp.call("PATCH", path, page).json["custom_login_page"] == "<html>"
    [kept] = idp.call("GET", "/clients", is_global="true").json
    assert kept["custom_login_page"] == "<html>"
    assert kept["client_id"] == found["client_id"]


def test_the_client_of_mockidps_own_page_is_not_listed(idp):
    assert "mockidp-try" not in [one["client_id"] for one in idp.call("GET", "/clients").json]
