"""A mock that is configured only by environment variables, as in a service container."""

import urllib.request

import pytest
from cryptography.hazmat.primitives import serialization

from helpers.client_certificates import certificate
from mockidp.cli.group import mockidp as group
from mockidp.cli.serve import serve as serve_command
from mockidp.cli.serving.environment import INJECTED, OF_OTHER_COMMANDS
from mockidp.protocol.tokens.keys import generate_private_key
from mockidp.tenant.content.overrides import describe_settings

YAML = "clients: [{client_id: shop, name: Shop, callbacks: ['http://localhost:3000/cb']}]"
JSON = '{"clients": [{"client_id": "shop", "name": "Shop"}]}'
VARIABLES = [one.environment for one in describe_settings()] + [
    str(one.envvar) for one in serve_command.params if one.envvar
]
FOR_A_SERVICE_CALLED_MOCKIDP = {
    # Kubernetes
    "MOCKIDP_PORT": "tcp://10.0.0.7:9400",
    "MOCKIDP_PORT_9400_TCP": "tcp://10.0.0.7:9400",
    "MOCKIDP_PORT_9400_TCP_PROTO": "tcp",
    "MOCKIDP_PORT_9400_TCP_PORT": "9400",
    "MOCKIDP_PORT_9400_TCP_ADDR": "10.0.0.7",
    "MOCKIDP_SERVICE_HOST": "10.0.0.7",
    "MOCKIDP_SERVICE_PORT": "9400",
    "MOCKIDP_SERVICE_PORT_HTTP": "9400",
    "MOCKIDP_LOGIN_SERVICE_HOST": "10.0.0.8",
    "MOCKIDP_LOGIN_PORT_9443_TCP_ADDR": "10.0.0.8",
    # Docker's links
    "MOCKIDP_NAME": "/app/mockidp",
    "MOCKIDP_ENV_LANG": "C.UTF-8",
    "MOCKIDP_HOST": "10.0.0.7",
}


def users_and_clients(fetch, server):
    return [fetch(f"{server.url}/_mockidp/v1/{kind}")["items"] for kind in ("users", "clients")]


# --- the tenant ---


@pytest.mark.parametrize("text", [YAML, JSON])
def test_a_variable_can_contain_the_text_of_the_tenant_file(serve, fetch, environment, text):
    environment(MOCKIDP_TENANT=text)
    with serve(tls=("--no-tls",)) as server:
        users, clients = users_and_clients(fetch, server)
    assert (users, [one["client_id"] for one in clients]) == ([], ["shop"])
    assert "mockidp:" not in server.err


def test_placeholders_can_be_variables(serve, fetch, environment):
    environment(
        MOCKIDP_TENANT="clients: [{client_id: shop, name: '##NAME##'}]",
        MOCKIDP_PLACEHOLDER="NAME=Shop",
    )
    with serve(tls=("--no-tls",)) as server:
        (client,) = users_and_clients(fetch, server)[1]
    assert client["name"] == "Shop"


def test_a_mistake_in_that_text_is_reported_with_its_variable_and_line(mockidp, environment):
    environment(MOCKIDP_TENANT="clients:\n  - client_id: shop\n    calbacks: []\n")
    done = mockidp("serve", "--listen", "localhost:0", "--no-tls")
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("mockidp: MOCKIDP_TENANT:3: clients[0].calbacks: ")
    assert "did you mean callbacks" in done.err


@pytest.mark.parametrize("name", ["tenant.yaml", "/tenant.yml\n", "my acme.JSON"])
def test_a_file_name_in_place_of_the_text_is_refused(mockidp, environment, name):
    environment(MOCKIDP_TENANT=name)
    done = mockidp("serve", "--listen", "localhost:0", "--no-tls")
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith(f"mockidp: MOCKIDP_TENANT: {name.strip()!r} is the name of a file")
    assert "MOCKIDP_TENANT_FILE" in done.err


@pytest.mark.parametrize(
    ("variables", "arguments", "sources"),
    [
        ({"MOCKIDP_TENANT": YAML, "MOCKIDP_EXAMPLE": "acme"}, (), "MOCKIDP_EXAMPLE and MOCKIDP_TENANT"),
        (
            {"MOCKIDP_TENANT": YAML, "MOCKIDP_TENANT_FILE": "t.yaml"}, (),
            "MOCKIDP_TENANT_FILE and MOCKIDP_TENANT",
        ),
        ({}, ("--tenant", YAML, "--example", "acme"), "--example and --tenant"),
        ({}, ("--tenant", YAML, "t.yaml"), "FILE and --tenant"),
    ],
)  # fmt: skip
def test_two_tenants_are_refused_with_their_options_or_variables(
    mockidp, environment, variables, arguments, sources
):
    environment(**variables)
    done = mockidp("serve", *arguments)
    assert done.status == (1 if variables else 2), "a variable is configuration, an option is usage"
    assert f": {sources} name two tenants. Give one of them." in done.err


def test_the_command_line_overrides_the_variables_for_the_tenant(serve, fetch, environment):
    environment(MOCKIDP_TENANT=YAML)
    with serve("--example", "acme", tls=("--no-tls",)) as server:
        clients = users_and_clients(fetch, server)[1]
    assert "acme-web" in [one["client_id"] for one in clients]


def test_a_missing_file_is_named(mockidp, environment):
    environment(MOCKIDP_TENANT_FILE="/nowhere/tenant.yaml")
    done = mockidp("serve")
    assert done.status == 1
    assert done.err.startswith("mockidp: /nowhere/tenant.yaml: found a file that cannot be read")


# --- all other variables ---


def test_an_empty_variable_counts_as_not_set(serve, fetch, environment):
    environment(**dict.fromkeys(VARIABLES, ""))
    with serve(tls=("--no-tls",)) as server:
        assert len(users_and_clients(fetch, server)[0]) == 3
    assert "mockidp:" not in server.err


TEXTS = {
    "issuer": "https://issuer.test/", "browser_url": "http://browser.test:9400",
    "client_ca": certificate("ca.test", is_ca=True),
    "impersonation.key": "a-key-that-is-long-enough-for-it-000",
}  # fmt: skip


def text_for(setting):
    """Return a valid text for a setting that differs from its default."""
    kinds = {"true or false": "true,false", "whole number": "477", "list of strings": "a.example"}
    words = kinds.get(setting.type_name, setting.type_name.removeprefix("one of "))
    others = [each for each in words.replace(" ", "").split(",") if each != setting.default]
    return TEXTS.get(setting.name, others[0])


def test_every_setting_is_a_variable(serve, fetch, environment):
    texts = {one: text_for(one) for one in describe_settings()}
    environment(**{one.environment: text for one, text in texts.items()})
    with serve(tls=("--no-tls",)) as server:
        found = fetch(f"{server.url}/_mockidp/v1/tenant")["mockidp"]
    for one, text in texts.items():
        value = found
        for step in one.name.split("."):
            value = value[step]
        shown = value[0] if isinstance(value, list) else str(value)
        assert shown.lower() == text.lower(), one.name


def test_an_invalid_setting_is_reported_with_its_variable(mockidp, environment):
    environment(MOCKIDP_LOGIN_LIFETIME="soon", MOCKIDP_PROFILE="okta")
    done = mockidp("serve")
    assert done.status == 1
    heading, first, second = done.err.splitlines()
    assert heading == "mockidp: 2 errors"
    assert first.startswith("MOCKIDP_PROFILE: profile: found the string 'okta'")
    assert second.startswith("MOCKIDP_LOGIN_LIFETIME: login_lifetime: found the string 'soon'")


@pytest.mark.measured
def test_an_unknown_variable_causes_a_warning_with_the_nearest_name(serve, environment):
    environment(MOCKIDP_ISUER="http://x.test/", MOCKIDP_QQQQQQ="1")
    with serve(tls=("--no-tls",)) as server:
        pass
    assert sorted(server.err.splitlines()) == [
        "mockidp: MOCKIDP_ISUER is not a variable of mockidp; did you mean MOCKIDP_ISSUER?",
        "mockidp: MOCKIDP_QQQQQQ is not a variable of mockidp",
    ]


def test_the_nearest_name_can_be_an_option(serve, environment):
    environment(MOCKIDP_TENNANT=YAML)
    with serve(tls=("--no-tls",)) as server:
        pass
    assert server.err.endswith("did you mean MOCKIDP_TENANT?\n")


def test_variables_that_docker_and_kubernetes_inject_are_ignored(serve, environment):
    environment(**FOR_A_SERVICE_CALLED_MOCKIDP)
    with serve(tls=("--no-tls",)) as server:
        pass
    assert server.err == ""


def test_no_variable_of_mockidp_looks_like_an_injected_one():
    ours = {*VARIABLES, *OF_OTHER_COMMANDS}
    assert len(ours) > 30
    assert not [name for name in ours if INJECTED.fullmatch(name)]
    assert all(INJECTED.fullmatch(name) for name in FOR_A_SERVICE_CALLED_MOCKIDP)


def test_the_variables_of_other_commands_are_all_known():
    context = group.make_context("mockidp", [], resilient_parsing=True)
    commands = [group.get_command(context, name) for name in group.list_commands(context)]
    names = {str(one.envvar) for each in commands for one in each.params if one.envvar}
    assert names - set(VARIABLES) == OF_OTHER_COMMANDS


def test_general_names_are_never_read(serve, fetch, environment):
    names = ("PORT", "HOST", "DEBUG", "CI", "ISSUER", "LISTEN", "TLS", "LOG_LEVEL", "FLASK_DEBUG")
    environment(**dict.fromkeys(names, "nonsense"))
    with serve(tls=("--no-tls",)) as server:
        assert fetch(f"{server.url}/_mockidp/health") == {"status": "ok"}
    assert "mockidp:" not in server.err


# --- keys ---


def test_keys_can_be_given_as_the_text_of_a_file(serve, fetch, environment):
    key = generate_private_key()
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    environment(MOCKIDP_KEYS=pem)
    found = []
    for _ in range(2):
        with serve(tls=("--no-tls",)) as server:
            found.append(fetch(f"{server.url}/.well-known/jwks.json")["keys"][0]["n"])
    assert found[0] == found[1]


def test_an_invalid_key_is_reported_without_showing_it(mockidp, environment):
    environment(MOCKIDP_KEYS="-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n")
    done = mockidp("serve", "--listen", "localhost:0", "--no-tls")
    assert done.status == 1
    assert done.err.startswith("mockidp: MOCKIDP_KEYS: not an unencrypted PEM private key")
    assert "c2VjcmV0" not in done.err


def test_a_text_without_a_key_is_reported_with_a_command_that_creates_one(mockidp, environment):
    environment(MOCKIDP_KEYS="-----BEGIN x")
    done = mockidp("serve", "--listen", "localhost:0", "--no-tls")
    assert done.err == (
        "mockidp: MOCKIDP_KEYS: no PEM private key found. Make one: openssl genrsa -out key.pem 2048\n"
    )


# --- addresses ---


@pytest.mark.parametrize("name", ["MOCKIDP_LISTEN", "MOCKIDP_TLS_LISTEN"])
def test_an_invalid_address_is_reported_with_its_variable(mockidp, environment, name):
    environment(**{"MOCKIDP_LISTEN": "localhost:0", name: "abc"})
    done = mockidp("serve")
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith(f"mockidp: {name}: 'abc' is not an address to listen on")


# --- https ---


@pytest.mark.measured
def test_an_address_for_https_overrides_the_variable_that_disables_https(serve, environment):
    environment(MOCKIDP_NO_TLS="1")
    with serve(tls=()) as server:
        assert server.tls_url is None
    environment(MOCKIDP_TLS_LISTEN="localhost:0")
    with serve(tls=()) as server:
        assert server.tls_url.startswith("https://localhost:")


@pytest.mark.measured
def test_the_flag_that_disables_https_overrides_the_variable_with_an_address(serve, environment):
    environment(MOCKIDP_TLS_LISTEN="localhost:0")
    with serve("--no-tls") as server:
        assert server.tls_url is None


@pytest.mark.measured
def test_in_a_read_only_directory_the_ca_is_kept_in_memory(serve, fetch, folder):
    (folder / ".mockidp").symlink_to("/nowhere/at/all")
    with serve() as server:
        assert server.ca_file is None
        with urllib.request.urlopen(f"{server.url}/_mockidp/ca.pem", timeout=5) as answer:
            (folder / "ca.pem").write_bytes(answer.read())
        assert fetch(f"{server.tls_url}/_mockidp/health", ca_file="ca.pem") == {"status": "ok"}
    assert server.err.startswith(
        f"mockidp: {folder / '.mockidp'} is not writable, so the CA for https is lost when this "
        "process ends. Download it from /_mockidp/ca.pem\n"
    )


def test_a_chosen_directory_must_be_writable(mockidp, folder):
    (folder / "data").mkdir()
    (folder / "data" / "ca.key").mkdir()
    done = mockidp("serve", "--data-dir", "data", "--listen", "localhost:0")
    assert (done.status, "Is a directory" in done.err) == (1, True)
