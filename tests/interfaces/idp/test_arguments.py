"""The arguments of `MockIdP`, and the errors about invalid ones."""

import json
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from helpers.acme import ACME, URL
from helpers.tenant_client import TenantClient
from mockidp import MockIdP, MockIdPError
from mockidp.protocol.tokens.keys import generate_private_key
from mockidp.tenant.content.document import TenantDocument
from mockidp.tenant.tenant import Tenant

EXPORTS = Path(__file__).parents[3] / "fixtures/exports"
EXAMPLE = Path(__file__).parents[3] / "fixtures/tenants/acme.yaml"


def wire_of(idp):
    return TenantClient(tenant=idp.tenant, app=idp.app, url=idp.url)


def pem(*keys):
    return b"".join(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        for key in keys
    )


# --- the tenant ---


def test_without_arguments_it_is_the_lenient_tenant():
    idp = MockIdP()
    assert list(idp.tenant.directory.users) == ["auth0|alice", "auth0|bob", "auth0|admin"]
    assert idp.tenant.settings.accept_any_client


@pytest.mark.parametrize("source", [EXAMPLE, str(EXAMPLE)])
def test_a_tenant_file_is_loaded(source):
    assert "acme-web" in MockIdP(source).tenant.directory.clients


def test_plain_data_is_loaded():
    idp = MockIdP({"clients": [{"client_id": "shop", "name": "Shop"}]})
    assert idp.tenant.directory.clients["shop"].client_secret == "shop-secret"


def test_a_document_is_loaded():
    assert MockIdP(ACME).tenant.document == Tenant(ACME).document


def test_an_existing_tenant_is_used():
    tenant = Tenant(ACME)
    assert MockIdP(tenant).tenant is tenant


def test_a_missing_file_is_named_in_the_error(tmp_path):
    with pytest.raises(MockIdPError, match=r"missing\.yaml: found a file that cannot be read"):
        MockIdP(tmp_path / "missing.yaml")


def test_all_mistakes_in_plain_data_are_reported_at_once():
    data = {
        "clients": [{"client_id": "shop", "callbacks": "http://localhost/"}],
        "users": [{"user_id": "alice", "emial": "a@b.example"}],
        "mockidp": {"profile": "okta"},
    }
    with pytest.raises(MockIdPError) as caught:
        MockIdP(data)
    lines = str(caught.value).splitlines()
    assert [line.split(": ")[1] for line in lines] == [
        "clients[0].callbacks",
        "users[0].user_id",
        "users[0].emial",
        "mockidp.profile",
    ]
    assert lines[2].endswith("did you mean email?")


@pytest.mark.parametrize("source", [7, b"tenant.yaml", ["a", "b"]])
def test_an_unsupported_type_is_named_in_the_error(source):
    with pytest.raises(TypeError, match=f"Argument `tenant` has the type {type(source).__name__}"):
        MockIdP(source)


# --- settings ---


def test_settings_override_those_of_the_tenant_one_by_one():
    data = {"mockidp": {"login_lifetime": 7, "impersonation": {"ttl": 5, "single_use": False}}}
    settings = {"profile": "oidc", "impersonation": {"ttl": 60}}
    made = MockIdP(data, settings=settings).tenant.settings
    assert (made.login_lifetime, made.profile) == (7, "oidc")
    assert (made.impersonation.ttl, made.impersonation.single_use) == (60, False)
    assert data["mockidp"]["impersonation"]["ttl"] == 5, "the argument is unchanged"


def test_settings_do_not_change_the_rest_of_the_tenant():
    changed = MockIdP(EXAMPLE, settings={"profile": "oidc"}).tenant.document
    original = MockIdP(EXAMPLE).tenant.document
    assert (changed.clients, changed.users, changed.not_acted_on) == (
        original.clients,
        original.users,
        original.not_acted_on,
    )


def test_all_mistakes_in_settings_are_reported_at_once():
    with pytest.raises(MockIdPError) as caught:
        MockIdP(settings={"profil": "oidc", "impersonation": {"ttl": 0}})
    first, second = str(caught.value).splitlines()
    assert first.startswith("settings: profil: found an unknown key, expected one of issuer,")
    assert first.endswith("; did you mean profile?")
    assert second == (
        "settings: impersonation.ttl: found the number 0, expected a number from 1 to 31557600"
    )


def test_an_unsupported_type_of_settings_is_named_in_the_error():
    with pytest.raises(TypeError, match=r"Argument `settings` has the type str\. Pass a mapping\."):
        MockIdP(settings="profile=oidc")


@pytest.mark.parametrize(
    "given",
    [
        {"settings": {}},
        {"seed": 0},
        {"keys": "x"},
        {"seed": 1, "keys": b"x"},
        {"placeholders": {}},
    ],
)
def test_settings_seed_and_keys_are_rejected_for_an_existing_tenant(given):
    with pytest.raises(TypeError, match=f"A Tenant has its own {' and '.join(given)}"):
        MockIdP(Tenant(), **given)


@pytest.mark.parametrize("tenant", [None, {}, TenantDocument()])
def test_placeholders_are_rejected_without_a_file(tenant):
    with pytest.raises(TypeError, match="Argument `placeholders` needs the path of a tenant file"):
        MockIdP(tenant, placeholders={"ENV": "dev"})


@pytest.mark.parametrize("name", ["keywords", "keywords/tenant.json"])
def test_placeholders_in_an_export_are_replaced(tmp_path, name):
    export = shutil.copytree(EXPORTS / "keywords", tmp_path / "keywords")
    (export / "tenant.json").write_text('{"tenant": {"friendly_name": "Harbour ##STAGE##"}}')
    if name == "keywords":
        (export / "tenant.json").write_text('{"friendly_name": "Harbour ##STAGE##"}')
    values = {"STAGE": "dev", "HOURS": "12", "CALLBACKS": "[]"}
    idp = MockIdP(tmp_path / name, placeholders=values)
    assert idp.tenant.name == "Harbour dev"


# --- keys ---


def test_keys_from_text_bytes_or_a_file_are_used_in_order(tmp_path):
    keys = [generate_private_key() for _ in range(3)]
    file = tmp_path / "keys.pem"
    file.write_bytes(pem(*keys))
    numbers = [key.private_numbers() for key in keys]
    for given in (pem(*keys), pem(*keys).decode(), file, str(file)):
        idp = MockIdP(keys=given)
        signed_with = [idp.tenant.keys.current.private_key.private_numbers()]
        for _ in range(2):
            idp.rotate_keys()
            signed_with.append(idp.tenant.keys.current.private_key.private_numbers())
        assert signed_with == numbers


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            "missing.pem",
            "keys: 'missing.pem' cannot be read (No such file or directory). Pass PEM text",
        ),
        (Path("missing.pem"), "keys: 'missing.pem' cannot be read"),
        ("a\0b", "cannot be read (embedded null"),
        (".", "keys: '.' cannot be read (Is a directory)"),
        ("x" * 5000, "cannot be read (File name too long)"),
        (__file__, f"{__file__}: not an unencrypted PEM private key"),
        (b"no key", "keys: no PEM private key found"),
        ("-----BEGIN NONSENSE-----\n-----END NONSENSE-----", "keys: not an unencrypted PEM"),
        (pem(ec.generate_private_key(ec.SECP256R1())), "keys: the key is not RSA"),
    ],
)
def test_invalid_keys_are_rejected(given, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(MockIdPError) as caught:
        MockIdP(keys=given)
    assert message in str(caught.value)


def test_an_unsupported_type_of_keys_is_named_in_the_error():
    with pytest.raises(
        TypeError, match=r"Argument `keys` has the type int\. Pass PEM text or a path\."
    ):
        MockIdP(keys=7)


# --- the URL ---


def test_a_given_url_is_used_and_its_host_accepted():
    idp = MockIdP(url="https://login.acme.example/")
    assert (idp.url, idp.issuer) == ("https://login.acme.example", "https://login.acme.example/")
    answer = wire_of(idp).get("/.well-known/openid-configuration")
    assert answer.json["issuer"] == "https://login.acme.example/"
    idp.reset()
    assert wire_of(idp).get("/.well-known/jwks.json").status_code == 200


@pytest.mark.parametrize(
    "url", ["acme.example", "ftp://acme.example", "http://", "http://a b/", f"{URL}?x", f"{URL}#x"]
)
def test_an_invalid_url_is_rejected(url):
    with pytest.raises(MockIdPError, match="Pass a URL such as"):
        MockIdP(url=url)


def test_the_setting_issuer_takes_precedence_over_the_url():
    idp = MockIdP(url=URL, settings={"issuer": "https://acme.test"})
    assert (idp.url, idp.issuer) == (URL, "https://acme.test/")


def test_adding_a_record_does_not_change_the_given_data():
    data = {"users": [{"user_id": "auth0|alice"}]}
    before = json.dumps(data)
    idp = MockIdP(data)
    idp.add_user("bob")
    assert json.dumps(data) == before
    assert "auth0|bob" not in MockIdP(data).tenant.directory.users
