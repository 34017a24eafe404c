"""Custom domains and token exchange profiles of the Management API."""

import pytest

from helpers.tenant_client import hint

BODY = {"domain": "login.acme.example", "type": "auth0_managed_certs"}
PROFILE = {
    "name": "legacy",
    "subject_token_type": "urn:acme:legacy-token",
    "action_id": "8f1c6e5e-6f0a-4d27-9f0e-0d1c2b3a4f5e",
    "type": "custom_authentication",
}
PROFILES = "/token-exchange-profiles"


def error(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


@pytest.fixture
def domain(idp):
    answer = idp.call("POST", "/custom-domains", BODY)
    assert answer.status_code == 201
    return answer.json


@pytest.fixture
def profile(idp):
    answer = idp.call("POST", PROFILES, PROFILE)
    assert answer.status_code == 201
    return answer.json


def test_a_new_domain_answers_once_it_is_verified(idp, domain):
    assert list(domain)[:8] == [
        "custom_domain_id", "domain", "primary", "is_default", "status", "type", "verification",
        "tls_policy",
    ]  # fmt: skip
    assert domain["status"] == "pending_verification"
    assert domain["verification"]["methods"][0]["name"] == "CNAME"
    path = f"/custom-domains/{domain['custom_domain_id']}"
    assert idp.call("GET", path).json == domain
    at_domain = idp.another_browser("http://login.acme.example:9400")
    assert at_domain.get("/.well-known/openid-configuration").status_code != 200
    assert idp.call("POST", f"{path}/verify").json == {**domain, "status": "ready"}
    configuration = at_domain.get("/.well-known/openid-configuration").json
    assert configuration["issuer"] == "http://login.acme.example:9400/"
    assert idp.call("DELETE", path).status_code == 204
    assert idp.call("DELETE", path).status_code == 204
    assert idp.call("GET", "/custom-domains").json == []


def test_only_a_verified_domain_becomes_the_default(idp, domain):
    path = "/custom-domains/default"
    assert idp.call("GET", path).json == {"domain": "localhost:9400"}
    answer = idp.call("PATCH", path, {"domain": domain["domain"]})
    message = "The domain must be verified before it can be set as default."
    assert error(answer) == (400, message, "invalid_body")
    idp.call("POST", f"/custom-domains/{domain['custom_domain_id']}/verify")
    shown = idp.call("PATCH", path, {"domain": domain["domain"]}).json
    assert (shown["is_default"], shown) == (True, idp.call("GET", path).json)
    assert idp.call("PATCH", path, {"domain": "localhost"}).json == {"domain": "localhost:9400"}
    unknown = idp.call("PATCH", path, {"domain": "none.example"})
    assert error(unknown)[0::2] == (404, "inexistent_custom_domain")
    assert idp.call("PATCH", path, {"domain": 5}).json["errorCode"] == "invalid_body"


def test_metadata_of_a_domain_is_merged_and_its_name_is_fixed(idp, domain):
    path = f"/custom-domains/{domain['custom_domain_id']}"
    idp.call("PATCH", path, {"domain_metadata": {"a": "1", "b": "2"}})
    changed = idp.call("PATCH", path, {"domain_metadata": {"a": None}}).json
    assert changed["domain_metadata"] == {"b": "2"}
    for field in ("domain", "primary", "status"):
        answer = idp.call("PATCH", path, {field: "x"})
        message = f"Payload validation error: 'Additional properties not allowed: {field}'."
        assert error(answer) == (400, message, "invalid_body")


def test_an_unknown_second_or_impossible_domain_is_refused(idp, domain):
    missing = (404, "The custom domain cd_none does not exist", "inexistent_custom_domain")
    assert error(idp.call("GET", "/custom-domains/cd_none")) == missing
    assert error(idp.call("PATCH", "/custom-domains/cd_none", {})) == missing
    assert error(idp.call("POST", "/custom-domains/cd_none/verify")) == missing
    again = idp.call("POST", "/custom-domains", BODY)
    assert error(again) == (409, "The domain already exists", None)
    for name in ("acme.auth0.com", 5):
        answer = idp.call("POST", "/custom-domains", {**BODY, "domain": name})
        assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")
        assert hint(answer)


def test_a_profile_is_read_as_it_was_made_renamed_and_deleted(idp, profile):
    assert list(profile) == [
        "id", "name", "type", "subject_token_type", "action_id", "created_at", "updated_at",
    ]  # fmt: skip
    assert profile["id"].startswith("tep_")
    path = f"{PROFILES}/{profile['id']}"
    assert idp.call("GET", path).json == profile
    assert idp.call("GET", PROFILES).json == {"token_exchange_profiles": [profile]}
    idp.later(5)
    new = {"name": "old", "subject_token_type": "urn:acme:old-token"}
    changed = idp.call("PATCH", path, new).json
    assert changed == {**profile, **new, "updated_at": changed["updated_at"]}
    assert changed["updated_at"] > profile["updated_at"]
    assert idp.call("PATCH", path, new).json == changed
    assert idp.call("DELETE", path).status_code == 204
    assert error(idp.call("GET", path)) == (404, "Token exchange profile not found.", None)


def test_name_and_type_of_a_profile_are_unique(idp, profile):
    other = {**PROFILE, "name": "other", "subject_token_type": "urn:acme:other-token"}
    path = f"{PROFILES}/{idp.call('POST', PROFILES, other).json['id']}"
    for answer in (
        idp.call("POST", PROFILES, {**other, "name": "legacy", "subject_token_type": "urn:a:new"}),
        idp.call("POST", PROFILES, {**other, "name": "new"}),
        idp.call("PATCH", path, {"name": "legacy"}),
        idp.call("PATCH", path, {"subject_token_type": PROFILE["subject_token_type"]}),
    ):
        assert answer.status_code == 409
    for changed in ({"name": 5}, {"name": ""}, {"subject_token_type": "x"}, {"type": "x"}):
        assert idp.call("PATCH", path, changed).json["errorCode"] == "invalid_body"
    assert idp.call("POST", PROFILES, {**PROFILE, "name": "n", "subject_token_type": 5}).status_code == 400  # fmt: skip
