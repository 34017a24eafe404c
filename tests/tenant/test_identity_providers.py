"""`mockidp.identity_providers` in a tenant file, and the connections that it names."""

import pytest
import yaml

from helpers.assertions import private_pem, public_pem
from mockidp import MockIdP, MockIdPError
from mockidp.tenant.config.load import parse_tenant

ENTRY = {"connection": "acme", "issuer": "https://acme.okta.com", "key": public_pem()}


def document(**fields):
    """Return a tenant file with one identity provider."""
    return {
        "connections": [{"name": "acme", "strategy": "okta"}],
        "mockidp": {"identity_providers": [ENTRY | fields]},
    }


def test_an_entry_has_connection_issuer_and_key():
    (entry,) = parse_tenant(yaml.safe_dump(document())).mockidp.identity_providers
    assert (entry.connection, entry.issuer, entry.key) == tuple(ENTRY.values())


@pytest.mark.parametrize(
    ("fields", "cause"),
    [
        ({"connection": "acmee"}, "did you mean acme?"),
        ({"issuer": ""}, "a non-empty string"),
        ({"key": "x"}, "a PEM public key"),
        ({"key": private_pem()}, "not the private key"),
        ({"jwks_uri": "https://acme.okta.com/keys"}, "jwks_uri"),
    ],
)
def test_mistakes_are_reported(fields, cause):
    with pytest.raises(MockIdPError) as caught:
        parse_tenant(yaml.safe_dump(document(**fields)))
    assert f"mockidp.identity_providers[0].{next(iter(fields))}" in str(caught.value)
    assert cause in str(caught.value)


def test_an_entry_is_removed_together_with_its_connection():
    idp = MockIdP(document(), url="http://idp.test")
    idp.remove_connection("acme")
    assert idp.tenant.settings.identity_providers == ()
