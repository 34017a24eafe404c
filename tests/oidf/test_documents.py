"""The discovery document, and the rotation of keys."""

import pytest

from mockidp import MockIdP, MockIdPError


def test_oidcc_discovery_endpoint_verification(provider):
    metadata = provider.metadata
    answer = provider.http.get(f"{provider.url}/.well-known/openid-configuration")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/json")
    assert metadata["issuer"] == f"{provider.url}/"
    assert {"code", "id_token", "token id_token"} <= set(metadata["response_types_supported"])
    assert {"query", "fragment", "form_post"} <= set(metadata["response_modes_supported"])
    assert metadata["subject_types_supported"] == ["public"]
    assert "RS256" in metadata["id_token_signing_alg_values_supported"]
    for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"):
        assert metadata[name].startswith(provider.url)
    assert "registration_endpoint" not in metadata
    assert {"authorization_code", "implicit"} <= set(metadata["grant_types_supported"])
    assert metadata["claims_parameter_supported"] is True
    assert {"sub", "name", "address", "phone_number_verified"} <= set(metadata["claims_supported"])
    assert "openid" in metadata["scopes_supported"]
    assert "S256" in metadata["code_challenge_methods_supported"]
    assert {"RS256", "none"} <= set(metadata["request_object_signing_alg_values_supported"])
    provider.check_https()
    check_keys(provider.keys)


def check_keys(keys):
    """Check a key set (RFC 7517)."""
    kids = [key["kid"] for key in keys["keys"]]
    assert len(kids) == len(set(kids)) > 0
    for key in keys["keys"]:
        assert (key["kty"], key["use"]) == ("RSA", "sig")
        assert not {"d", "p", "q", "dp", "dq", "qi"} & set(key)


def test_oidcc_idtoken_unsigned(rp, provider):
    assert "none" not in provider.metadata["id_token_signing_alg_values_supported"]
    clients = [{"client_id": "basic", "jwt_configuration": {"alg": "none"}}]
    with pytest.raises(MockIdPError, match=r"jwt_configuration\.alg"):
        MockIdP({"clients": clients})
    rp.log_in()


def test_oidcc_server_rotate_keys(rp, provider):
    before = provider.read_keys()
    check_keys(before)
    provider.idp.rotate_keys()
    after = provider.read_keys()
    check_keys(after)
    old, new = ({key["kid"] for key in keys["keys"]} for keys in (before, after))
    assert old <= new
    assert new - old
    provider.forget_keys()
    rp.log_in()
