"""The public keys of clients in tenant files."""

import json

import pytest

from helpers.assertions import private_pem, public_pem
from helpers.client_certificates import certificate
from mockidp.codec.mistakes import ConfigError
from mockidp.codec.write import to_file
from mockidp.tenant.config.load import parse_tenant


def client(credential=None, **fields):
    methods = {"private_key_jwt": {"credentials": [credential or {"pem": public_pem()}]}}
    one = {"client_id": "signer", "client_authentication_methods": methods} | fields
    return parse_tenant(json.dumps({"clients": [one]})).clients[0]


def mistakes(credential=None, **fields):
    with pytest.raises(ConfigError) as refused:
        client(credential, **fields)
    return [(mistake.path, mistake.found, mistake.expected) for mistake in refused.value.mistakes]


CREDENTIAL = "clients[0].client_authentication_methods.private_key_jwt.credentials[0]"
EXPECTED = "a PEM public key or certificate of an RSA key"


def test_a_credential_is_read_and_written():
    credential = {
        "id": "cred_1", "name": "deploy", "pem": public_pem(),
        "alg": "PS256", "kid": "k1", "expires_at": "2030-01-01T00:00:00.000Z",
        "created_at": "2024-01-01T00:00:00.000Z", "credential_type": "public_key",
    }  # fmt: skip
    read = client(credential)
    [one] = read.private_key_jwt.credentials
    assert (one.key().kid, one.key().algs, one.expiry) == ("k1", ("PS256",), 1893456000.0)
    written = to_file(read)["client_authentication_methods"]["private_key_jwt"]["credentials"]
    assert written == [credential]


def test_a_client_that_signs_gets_no_secret():
    assert client().client_secret is None
    assert client(jwt_configuration={"alg": "HS256"}).client_secret == "signer-secret"
    assert client(client_authentication_methods={}).client_secret == "signer-secret"
    methods = {"private_key_jwt": None}
    assert client(client_authentication_methods=methods).client_secret == "signer-secret"


@pytest.mark.parametrize(
    ("credential", "field", "expected"),
    [
        ({"pem": "x"}, "pem", EXPECTED),
        ({"pem": private_pem()}, "pem", f"{EXPECTED}, not the private key"),
        ({"pem": public_pem(), "alg": "ES256"}, "alg", "one of RS256, RS384, PS256"),
        ({"pem": public_pem(), "expires_at": "soon"}, "expires_at",
         "a time such as 2030-01-31T12:00:00Z"),
        ({"pem": public_pem(), "expires_at": "2030-01-31T12:00:00"}, "expires_at",
         "a time such as 2030-01-31T12:00:00Z"),
    ],
)  # fmt: skip
def test_a_wrong_credential_is_reported_with_its_place(credential, field, expected):
    [(path, found, named)] = mistakes(credential)
    assert (path, named) == (f"{CREDENTIAL}.{field}", expected)
    assert found


def test_a_private_key_is_not_repeated_in_the_report():
    with pytest.raises(ConfigError) as refused:
        client({"pem": private_pem()})
    assert private_pem().splitlines()[1] not in str(refused.value)


def test_a_public_client_cannot_sign():
    assert mistakes(token_endpoint_auth_method="none") == [
        (
            "clients[0].token_endpoint_auth_method",
            "none",
            "another method or none at all, because the client has private_key_jwt",
        )
    ]


@pytest.mark.parametrize("method", ["tls_client_auth", "self_signed_tls_client_auth"])
def test_an_exported_client_with_a_certificate_has_no_mistake(method):
    document = parse_tenant(
        f"clients: [{{client_id: mtls, client_authentication_methods: {{{method}: "
        "{credentials: [{id: cred_1}]}}}]"
    )
    assert document.clients[0].mutual_tls == method


@pytest.mark.parametrize(
    ("method", "credential", "field", "expected"),
    [
        ("tls_client_auth", {"subject_dn": "CN=x"}, "credential_type", "cert_subject_dn"),
        ("self_signed_tls_client_auth", {"credential_type": "x509_cert", "pem": public_pem()},
         "pem", "a PEM certificate"),
        ("private_key_jwt", {"pem": certificate("elliptic")}, "pem", EXPECTED),
    ],
)  # fmt: skip
def test_a_credential_has_to_fit_its_method(method, credential, field, expected):
    methods = {method: {"credentials": [credential]}}
    [(path, _, named)] = mistakes(client_authentication_methods=methods)
    assert path.endswith(f"{method}.credentials[0].{field}")
    assert named == expected
