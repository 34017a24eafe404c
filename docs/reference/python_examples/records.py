"""Examples of the methods for users, clients and other records."""

from __future__ import annotations

from mockidp import MockIdP

API = "https://api.acme.example/"
CALLBACK = "http://localhost:3000/callback"


def add_user(idp: MockIdP) -> None:
    user = idp.add_user("carol", email="carol@acme.example", roles=["viewer"])
    assert user.user_id == "auth0|carol"
    assert user.password == "Passw0rd!"


def get_user(idp: MockIdP) -> None:
    assert idp.get_user("alice").email == "alice@acme.example"


def list_users(idp: MockIdP) -> None:
    assert "auth0|alice" in [user.user_id for user in idp.list_users()]


def patch_user(idp: MockIdP) -> None:
    assert idp.patch_user("alice", blocked=True).blocked


def remove_user(idp: MockIdP) -> None:
    idp.remove_user("alice")
    assert "auth0|alice" not in [user.user_id for user in idp.list_users()]


def add_client(idp: MockIdP) -> None:
    client = idp.add_client("shop", callbacks=[CALLBACK])
    assert client.client_secret == "shop-secret"


def get_client(idp: MockIdP) -> None:
    assert idp.get_client("acme-web").name == "Acme Web"


def list_clients(idp: MockIdP) -> None:
    assert "acme-web" in [client.client_id for client in idp.list_clients()]


def patch_client(idp: MockIdP) -> None:
    client = idp.patch_client("acme-web", callbacks=[CALLBACK])
    assert client.callbacks == (CALLBACK,)
    assert client.name == "Acme Web"


def remove_client(idp: MockIdP) -> None:
    idp.remove_client("acme-m2m")
    assert "acme-m2m" not in [grant.client_id for grant in idp.list_client_grants()]


def add_api(idp: MockIdP) -> None:
    idp.add_api("https://shop.example/", scopes=["read:orders"])
    assert idp.access_token(audience="https://shop.example/", scope="read:orders")


def get_api(idp: MockIdP) -> None:
    assert "read:items" in [scope.value for scope in idp.get_api(API).scopes]


def list_apis(idp: MockIdP) -> None:
    assert API in [api.identifier for api in idp.list_apis()]


def patch_api(idp: MockIdP) -> None:
    assert idp.patch_api(API, token_lifetime=60).token_lifetime == 60


def remove_api(idp: MockIdP) -> None:
    idp.remove_api(API)
    assert API not in [grant.audience for grant in idp.list_client_grants()]


def add_client_grant(idp: MockIdP) -> None:
    grant = idp.add_client_grant(client_id="acme-spa", audience=API, scope=["read:items"])
    assert grant.id.startswith("cgr_")


def get_client_grant(idp: MockIdP) -> None:
    grant = idp.list_client_grants()[0]
    assert idp.get_client_grant(grant.id) == grant


def list_client_grants(idp: MockIdP) -> None:
    assert "acme-m2m" in [grant.client_id for grant in idp.list_client_grants()]


def patch_client_grant(idp: MockIdP) -> None:
    grant = idp.list_client_grants()[0]
    assert idp.patch_client_grant(grant.id, scope=[]).scope == ()


def remove_client_grant(idp: MockIdP) -> None:
    grant = idp.list_client_grants()[0]
    idp.remove_client_grant(grant.id)
    assert grant not in idp.list_client_grants()


def add_connection(idp: MockIdP) -> None:
    idp.add_connection("staff", enabled_clients=["acme-web"])
    assert idp.add_user("dave", connection="staff").connection == "staff"


def get_connection(idp: MockIdP) -> None:
    idp.add_connection("staff")
    assert idp.get_connection("staff").strategy == "auth0"


def list_connections(idp: MockIdP) -> None:
    names = [connection.name for connection in idp.list_connections()]
    assert "Username-Password-Authentication" in names


def patch_connection(idp: MockIdP) -> None:
    idp.add_connection("staff")
    changed = idp.patch_connection("staff", enabled_clients=["acme-web"])
    assert changed.enabled_clients == ("acme-web",)


def remove_connection(idp: MockIdP) -> None:
    idp.add_connection("staff")
    idp.add_user("dave", connection="staff")
    idp.remove_connection("staff")
    assert "auth0|dave" not in [user.user_id for user in idp.list_users()]


def add_role(idp: MockIdP) -> None:
    read = {"permission_name": "read:items", "resource_server_identifier": API}
    idp.add_role("reader", permissions=[read])
    assert idp.add_user("carol", roles=["reader"]).roles == ("reader",)


def get_role(idp: MockIdP) -> None:
    idp.add_role("reader", description="May read.")
    assert idp.get_role("reader").description == "May read."


def list_roles(idp: MockIdP) -> None:
    idp.add_role("reader")
    assert "reader" in [role.name for role in idp.list_roles()]


def patch_role(idp: MockIdP) -> None:
    idp.add_role("reader")
    assert idp.patch_role("reader", description="May read.").description == "May read."


def remove_role(idp: MockIdP) -> None:
    idp.add_role("reader")
    idp.add_user("carol", roles=["reader"])
    idp.remove_role("reader")
    assert idp.get_user("carol").roles == ()


def add_organization(idp: MockIdP) -> None:
    organization = idp.add_organization("acme", members=[{"user_id": "auth0|alice"}])
    assert organization.id.startswith("org_")


def get_organization(idp: MockIdP) -> None:
    organization = idp.add_organization("acme")
    assert idp.get_organization(organization.id) == idp.get_organization("acme")


def list_organizations(idp: MockIdP) -> None:
    idp.add_organization("acme")
    assert [one.name for one in idp.list_organizations()] == ["acme"]


def patch_organization(idp: MockIdP) -> None:
    idp.add_organization("acme")
    assert idp.patch_organization("acme", display_name="Acme").display_name == "Acme"


def remove_organization(idp: MockIdP) -> None:
    idp.add_organization("acme")
    idp.remove_organization("acme")
    assert idp.list_organizations() == []


def add_claim(idp: MockIdP) -> None:
    idp.add_claim("https://acme.example/plan", value="pro", in_="id_token")
    claims = idp.explain(idp.id_token(user="alice")).decoded["claims"]
    assert claims["https://acme.example/plan"] == "pro"


def list_claims(idp: MockIdP) -> None:
    idp.add_claim("https://acme.example/plan", value="pro")
    assert "https://acme.example/plan" in [one.claim for one in idp.list_claims()]


def patch_claim(idp: MockIdP) -> None:
    idp.add_claim("https://acme.example/plan", value="pro")
    changed = idp.patch_claim("https://acme.example/plan", from_="user.app_metadata.plan")
    assert changed.path == "user.app_metadata.plan"


def remove_claim(idp: MockIdP) -> None:
    idp.add_claim("https://acme.example/plan", value="pro")
    idp.remove_claim("https://acme.example/plan")
    assert "https://acme.example/plan" not in [one.claim for one in idp.list_claims()]


def add_token_exchange_profile(idp: MockIdP) -> None:
    profile = idp.add_token_exchange_profile("legacy", subject_token_type="urn:acme:legacy")
    assert profile.id.startswith("tep_")


def get_token_exchange_profile(idp: MockIdP) -> None:
    idp.add_token_exchange_profile("legacy", subject_token_type="urn:acme:legacy")
    assert idp.get_token_exchange_profile("legacy").type == "custom_authentication"


def list_token_exchange_profiles(idp: MockIdP) -> None:
    idp.add_token_exchange_profile("legacy", subject_token_type="urn:acme:legacy")
    assert [one.name for one in idp.list_token_exchange_profiles()] == ["legacy"]


def patch_token_exchange_profile(idp: MockIdP) -> None:
    idp.add_token_exchange_profile("legacy", subject_token_type="urn:acme:legacy")
    patched = idp.patch_token_exchange_profile("legacy", subject_token_type="urn:acme:old-token")
    assert patched.subject_token_type == "urn:acme:old-token"


def remove_token_exchange_profile(idp: MockIdP) -> None:
    idp.add_token_exchange_profile("legacy", subject_token_type="urn:acme:legacy")
    idp.remove_token_exchange_profile("legacy")
    assert idp.list_token_exchange_profiles() == []


def add_custom_domain(idp: MockIdP) -> None:
    added = idp.add_custom_domain("login.acme.example", domain_metadata={"brand": "acme"})
    assert added.is_ready


def get_custom_domain(idp: MockIdP) -> None:
    idp.add_custom_domain("login.acme.example")
    assert idp.get_custom_domain("login.acme.example").status == "ready"


def list_custom_domains(idp: MockIdP) -> None:
    idp.add_custom_domain("login.acme.example")
    assert [one.domain for one in idp.list_custom_domains()] == ["login.acme.example"]


def patch_custom_domain(idp: MockIdP) -> None:
    idp.add_custom_domain("login.acme.example")
    patched = idp.patch_custom_domain("login.acme.example", status="pending_verification")
    assert not patched.is_ready


def remove_custom_domain(idp: MockIdP) -> None:
    idp.add_custom_domain("login.acme.example")
    idp.remove_custom_domain("login.acme.example")
    assert idp.list_custom_domains() == []
