"""Auth0's Deploy CLI exports and imports tenants, and reports refusals."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests
import yaml
from clients.deploy_cli.conftest import CLIENT, tenant_of_the_cli
from clients.deploy_cli.exported import files_of, lost, read_yaml

from helpers.client_facts import refusals, shows
from helpers.tenant_client import claims_of
from mockidp import MockIdP

CLI = "auth0-deploy-cli"
HERE = Path(__file__).parent
TENANT = HERE / "tenant"
ACME = yaml.safe_load((HERE.parents[2] / "fixtures/tenants/acme.yaml").read_text())
ACME["clientGrants"] = ACME["clientGrants"][:1]  # without that for another Management API
USERS = {"users": ACME["users"], "mockidp": ACME["mockidp"]}
FOLDERS = (
    "actions", "clients", "connections", "database-connections", "event-streams", "flows", "forms",
    "grants", "log-streams", "organizations", "resource-servers", "roles", "rules",
)  # fmt: skip
"""Folders of the directory format. An empty one stands for an empty list."""
NOT_EXPORTED = [
    "rulesConfigs[0]",
    "hooks[0].secrets.TOKEN",
    "guardianFactorProviders[0]",
    "actions[0].secrets[0].value",
    "flowVaultConnections[0].setup",
]
"""What Auth0 never shows, and providers of factors, which this version of the CLI leaves out."""
COMMON = (
    "tenant", "clients", "resourceServers", "databases", "connections", "roles", "clientGrants",
)  # fmt: skip
"""The types that most users deploy."""


def add_client(document, **grant):
    """Return a tenant with the client of the CLI added."""
    own = tenant_of_the_cli()
    clients = [*document.get("clients", ()), *own["clients"]]
    grants = [*document.get("clientGrants", ()), {**own["clientGrants"][0], **grant}]
    return {**document, "clients": clients, "clientGrants": grants}


@pytest.fixture
def serve():
    """Return a function that serves a tenant until the test ends."""
    with ExitStack() as served:
        yield lambda tenant: served.enter_context(MockIdP(tenant, tls=True))


@pytest.fixture
def together():
    """Return a function that calls functions at the same time, and returns their results."""
    with ThreadPoolExecutor() as pool:

        def call(*functions):
            return [one.result() for one in [pool.submit(function) for function in functions]]

        yield call


@shows(
    CLI,
    "import of a tenant with something in every section",
    "export in both formats, and import of the export, which changes nothing",
    "deletion of everything that is not in the files",
    over="https",
)
def test_a_tenant_comes_back_as_it_was_imported(serve, together, export, import_into, tmp_path):
    idp, other = serve(tenant_of_the_cli()), serve(tenant_of_the_cli())
    import_into(idp, TENANT / "tenant.yaml")
    other.restore(idp.snapshot())
    in_yaml, in_files = together(
        lambda: export(idp, "yaml"), lambda: export(other, "files", layout="directory")
    )
    places = [place for place, *_ in lost(read_yaml(TENANT), read_yaml(in_yaml))]
    assert places == NOT_EXPORTED

    together(
        lambda: import_into(idp, in_yaml / "tenant.yaml"), lambda: import_into(other, in_files)
    )
    again_in_yaml, again_in_files = together(
        lambda: export(idp, "yaml-2"), lambda: export(other, "files-2", layout="directory")
    )
    assert files_of(again_in_yaml) == files_of(in_yaml)
    assert files_of(again_in_files) == files_of(in_files)

    clear(other, "default_audience", "default_directory")  # what these name cannot be deleted
    for name in FOLDERS:
        (tmp_path / "empty" / name).mkdir(parents=True)
    import_into(other, tmp_path / "empty", AUTH0_ALLOW_DELETE="true")
    assert names_in(other, "/clients") == ["All Applications", "Deploy CLI"]
    assert names_in(other, "/resource-servers") == ["Auth0 Management API"]
    assert names_in(other, "/connections") == ["Username-Password-Authentication"]  # always one
    for path in ("/roles", "/organizations", "/log-streams", "/rules", "/forms", "/flows"):
        assert names_in(other, path) == []
    assert call(other, "/actions/actions")["actions"] == []
    assert [one["client_id"] for one in call(other, "/client-grants")] == [CLIENT]


def call(idp, path):
    """Return what a GET of the Management API answers."""
    headers = {"Authorization": f"Bearer {idp.management_token(client=CLIENT)}"}
    answer = requests.get(f"{idp.url}/api/v2{path}", headers=headers, timeout=10)
    answer.raise_for_status()
    return answer.json()


def clear(idp, *settings):
    """Clear settings of the tenant."""
    token = idp.management_token(client=CLIENT)
    answer = requests.patch(
        f"{idp.url}/api/v2/tenants/settings",
        json=dict.fromkeys(settings, ""),
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    )
    answer.raise_for_status()


def names_in(idp, path):
    """Return the names in a list of the Management API."""
    return sorted(one["name"] for one in call(idp, path))


@shows(CLI, "export of a new tenant", over="https")
def test_a_new_tenant_is_exported(serve, export):
    idp = serve(tenant_of_the_cli())
    found = read_yaml(export(idp, "new"))
    assert [one["name"] for one in found["clients"]] == ["Deploy CLI"]
    assert [one["name"] for one in found["databases"]] == ["Username-Password-Authentication"]
    assert found["tenant"]["session_lifetime"] == 168
    for name in ("resourceServers", "clientGrants", "roles", "organizations", "connections"):
        assert found[name] == []


@shows(CLI, "export of 130 clients", over="https")
def test_all_of_130_clients_are_exported(serve, export):
    clients = [{"client_id": f"client-{number}", "name": f"{number}"} for number in range(129)]
    folder = export(
        serve(add_client({"clients": clients})), "many", AUTH0_INCLUDED_ONLY=["clients"]
    )
    assert len(read_yaml(folder)["clients"]) == 130


@shows(CLI, "export and import of some types", over="https")
@pytest.mark.parametrize("types", [("actions", "triggers"), ("organizations",), COMMON])
def test_some_types_are_exported(serve, export, types):
    found = read_yaml(export(serve(add_client(ACME)), "some", AUTH0_INCLUDED_ONLY=types))
    assert set(found) == set(types)


def test_some_types_are_imported_into_another_tenant(serve, export, import_into):
    one, other = serve(add_client(ACME)), serve(tenant_of_the_cli())
    files = export(one, "some", layout="directory", AUTH0_INCLUDED_ONLY=("clients", "roles"))
    assert {one.name for one in files.iterdir()} == {"clients", "roles"}
    import_into(other, export(one, "common", layout="directory", AUTH0_INCLUDED_ONLY=COMMON))
    for path in ("/clients?is_global=false", "/resource-servers", "/connections", "/roles"):
        assert names_in(other, path) == names_in(one, path)
    assert len(call(other, "/client-grants?audience=https://api.acme.example/")) == 1


@shows(CLI, "export that mockidp serves, with the same logins and tokens", over="https")
@pytest.mark.parametrize("layout", ["yaml", "directory"])
def test_an_export_that_is_served_has_the_same_logins_and_tokens(serve, export, layout):
    original = serve(add_client(ACME))
    folder = export(original, "acme", layout=layout, AUTH0_EXPORT_IDENTIFIERS="true")
    (folder / "mockidp.yaml").write_text(yaml.safe_dump(USERS))
    assert tokens_of(serve(folder)) == tokens_of(original)


def tokens_of(idp):
    """Return the claims of all tokens that users and the machine get."""
    user = {
        "grant_type": "password",
        "client_id": "acme-web",
        "client_secret": "acme-web-secret",
        "password": "Passw0rd!",
        "scope": "openid profile email",
    }
    machine = {
        "grant_type": "client_credentials",
        "client_id": "acme-m2m",
        "client_secret": "acme-m2m-secret",
    }
    asked = [
        {**user, "username": one["email"], "audience": api["identifier"]}
        for one in ACME["users"]
        for api in ACME["resourceServers"]
    ]
    asked.append({**machine, "audience": "https://api.acme.example/"})
    return [claims_of_tokens(idp, one) for one in asked]


def claims_of_tokens(idp, asked):
    answer = requests.post(f"{idp.tls_url}/oauth/token", data=asked, verify=idp.ca_file, timeout=10)
    answer.raise_for_status()
    found = answer.json()
    claims = [claims_of(found[name]) for name in ("access_token", "id_token") if name in found]
    changing = {"iat", "exp", "jti", "sid", "updated_at"}
    same = [{name: one[name] for name in one.keys() - changing} for one in claims]
    text = json.dumps([found["expires_in"], found.get("scope"), same], sort_keys=True)
    return text.replace(idp.tls_url, "https://acme.example")


def client(**fields):
    """Return the client of a folder to import."""
    return {"clients/new.json": {"name": "New", "app_type": "spa", **fields}}


UNKNOWN = {"grants/new.json": {"client_id": "Nobody", "audience": "https://api.acme.example/"}}


@pytest.mark.parametrize(
    ("settings", "shown"),
    refusals(
        CLI,
        {
            "a wrong secret": ({"AUTH0_CLIENT_SECRET": "wrong"}, "Unauthorized"),
            "a token that is invalid": ({"AUTH0_ACCESS_TOKEN": "x.y.z"}, "Invalid token"),
        },
        over="https",
    ),
)
def test_an_export_is_refused(serve, a0deploy, tmp_path, settings, shown):
    export = ("export", "--format", "yaml", "--output_folder", str(tmp_path / "x"))
    done = a0deploy(serve(tenant_of_the_cli()), *export, **settings)
    assert done.status != 0
    assert shown in done.output


@pytest.mark.parametrize(
    ("files", "shown"),
    refusals(
        CLI,
        {
            "an unknown grant type": (
                client(grant_types=["telepathy"]),
                "Invalid grant types: telepathy",
            ),
            "a grant of an unknown client": (UNKNOWN, "Client not found"),
        },
        over="https",
    ),
)
def test_an_import_is_refused(serve, a0deploy, tmp_path, files, shown):
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(json.dumps(content))
    done = a0deploy(serve(add_client(ACME)), "import", "--input_file", str(tmp_path))
    assert done.status != 0
    assert shown in done.output


@shows(CLI, refuses=["missing scopes: types are skipped with a warning"], over="https")
def test_types_without_their_scopes_are_skipped(serve, a0deploy, tmp_path):
    idp = serve(tenant_of_the_cli("read:clients", "read:tenant_settings"))
    folder = str(tmp_path / "some")
    done = a0deploy(idp, "export", "--output_folder", folder, "--format", "yaml")
    assert done.succeeded
    found, skipped = read_yaml(folder), {"roles", "connections", "organizations", "clientGrants"}
    assert skipped <= done.skipped
    assert skipped.isdisjoint(found)
    assert {"clients", "tenant"} <= found.keys()
