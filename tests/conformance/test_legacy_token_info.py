"""/tokeninfo: the profile of the user of an ID token."""

from dataclasses import replace

import pytest

from helpers.acme import with_client
from helpers.backchannel_app import with_logout_url
from helpers.legacy import LEGACY_TENANT, LegacyApp, refused
from helpers.tenant_client import hint
from mockidp.faults import Fault
from mockidp.tenant.content.tenant_settings import TenantFlags
from mockidp.tenant.logout.tokens import Wanted


@pytest.fixture
def idp():
    return LegacyApp()


PROFILE = {
    "email_verified": True,
    "email": "alice@acme.example",
    "clientID": "old",
    "updated_at": "2024-01-01T00:00:00.000Z",
    "name": "Alice",
    "user_id": "auth0|alice",
    "nickname": "alice",
    "identities": [
        {
            "connection": "Username-Password-Authentication",
            "user_id": "alice",
            "provider": "auth0",
            "isSocial": False,
        }
    ],
    "created_at": "2024-01-01T00:00:00.000Z",
    "global_client_id": "global",
}


@pytest.mark.parametrize("method", ["get", "post"])
def test_auth0_tokeninfo__the_profile(idp, method):
    answer = getattr(idp, method)("/tokeninfo", id_token=idp.id_token())
    assert answer.status_code == 200, answer.text
    assert {name: answer.json[name] for name in PROFILE} == PROFILE
    assert list(answer.json)[:10] == [
        "email_verified", "email", "clientID", "updated_at", "name", "picture", "user_id",
        "nickname", "identities", "created_at",
    ]  # fmt: skip


def test_auth0_tokeninfo__json_is_accepted(idp):
    answer = idp.post("/tokeninfo", json_body={"id_token": idp.id_token()})
    assert answer.json["user_id"] == "auth0|alice"


def test_auth0_tokeninfo__metadata_is_part_of_the_profile(idp):
    users = [
        replace(one, app_metadata={"plan": "gold"}, user_metadata={"theme": "dark"})
        for one in LEGACY_TENANT.users
    ]
    idp.edit(replace(LEGACY_TENANT, users=tuple(users)))
    profile = idp.post("/tokeninfo", id_token=idp.id_token()).json
    assert (profile["plan"], profile["user_metadata"]) == ("gold", {"theme": "dark"})


def test_auth0_tokeninfo__without_a_global_client(idp):
    token = idp.id_token()
    idp.edit(with_client(LEGACY_TENANT, "global", is_global=False))
    assert "global_client_id" not in idp.post("/tokeninfo", id_token=token).json


def test_auth0_tokeninfo__a_token_is_required(idp):
    refused(idp.post("/tokeninfo"), 400, "invalid_request", "missing id_token parameter")


@pytest.mark.parametrize("name", ["access_token", "id_token"])
def test_auth0_tokeninfo__other_tokens_are_refused(idp, name):
    tokens = idp.ro().json
    if name == "id_token":
        idp.later(36000)
    answer = idp.post("/tokeninfo", id_token=tokens[name])
    assert (answer.status_code, answer.text) == (401, "Unauthorized")
    expected = {"access_token": "is not a JWT", "id_token": "expired at"}[name]
    assert expected in hint(answer)


def test_auth0_tokeninfo__a_token_of_another_issuer(idp):
    token = idp.id_token()
    settings = replace(LEGACY_TENANT.mockidp, issuer="https://login.acme.example/")
    idp.edit(replace(LEGACY_TENANT, mockidp=settings))
    issued = idp.id_token()
    idp.edit(LEGACY_TENANT)
    assert idp.post("/tokeninfo", id_token=token).status_code == 200
    assert "this tenant's issuer is" in hint(idp.post("/tokeninfo", id_token=issued))


@pytest.mark.parametrize("fault", [{"remove": ("exp",)}, {"set": {"exp": "soon"}}])
def test_auth0_tokeninfo__a_token_without_a_valid_time(idp, fault):
    idp.tenant.faults.add(Fault(endpoint="id_token", **fault))
    answer = idp.post("/tokeninfo", id_token=idp.id_token())
    assert "`exp`" in hint(answer)


def test_auth0_tokeninfo__the_endpoint_can_be_disabled(idp):
    idp.edit(replace(LEGACY_TENANT, tenant=replace(LEGACY_TENANT.tenant, flags=TenantFlags())))
    answer = idp.post("/tokeninfo", id_token="x")
    refused(answer, 404, "endpoint_disabled", "Endpoint /tokeninfo is disabled")


def test_auth0_tokeninfo__a_logout_token_is_no_id_token(idp):
    idp.edit(with_logout_url("http://localhost:9/logout", document=LEGACY_TENANT))
    idp.tokens()
    idp.get("/v2/logout")
    (logout,) = idp.tenant.logout_delivery.tokens.of(Wanted())
    answer = idp.get("/tokeninfo", id_token=logout.token)
    assert answer.status_code == 401
    assert "It is a logout token." in hint(answer)
