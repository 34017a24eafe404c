"""The precedence of settings: default < tenant file < environment < option."""

import os
from pathlib import Path

import pytest

from mockidp.cli.serve import serve as serve_command
from mockidp.cli.serving.environment import settings_of
from mockidp.cli.serving.options import ServeOptions
from mockidp.cli.serving.start import load_document

OPTION = {"impersonation.ttl": "400"}


@pytest.fixture
def settings(folder):
    """Return a function that returns the settings of a start."""

    def settings(*, in_file="", options=None, issuer=None):
        file = None
        if in_file:
            file = folder / "tenant.yaml"
            file.write_text(f"mockidp: {in_file}\n")
        serve_options = ServeOptions(
            listen="localhost:0",
            data_dir=Path(".mockidp"),
            file=file,
            issuer=issuer,
            settings=options or {},
            environment=settings_of(serve_command, os.environ),
        )
        return load_document(serve_options).mockidp

    return settings


def test_each_source_overrides_the_ones_before_it(settings, monkeypatch):
    in_file = "{impersonation: {ttl: 200}}"
    assert settings().impersonation.ttl == 120
    assert settings(in_file=in_file).impersonation.ttl == 200
    monkeypatch.setenv("MOCKIDP_IMPERSONATION_TTL", "300")
    assert settings().impersonation.ttl == 300
    assert settings(in_file=in_file).impersonation.ttl == 300
    assert settings(in_file=in_file, options=OPTION).impersonation.ttl == 400


def test_the_option_for_the_issuer_overrides_the_setting(settings, monkeypatch):
    monkeypatch.setenv("MOCKIDP_ISSUER", "https://environment.test/")
    assert settings(in_file="{issuer: 'https://file.test/'}").issuer == "https://environment.test/"
    options = {"issuer": "https://set.test/"}
    assert settings(options=options).issuer == "https://set.test/"
    assert settings(options=options, issuer="https://flag.test/").issuer == "https://flag.test/"


def test_sources_are_merged_setting_by_setting(settings, monkeypatch):
    monkeypatch.setenv("MOCKIDP_HOSTS", "a.example, b.example")
    found = settings(in_file="{impersonation: {ttl: 200}}", options={"profile": "oidc"})
    assert found.hosts == ("a.example", "b.example")
    assert found.impersonation.ttl == 200
    assert found.profile == "oidc"


def test_variables_of_options_are_not_settings(settings, monkeypatch):
    before = settings()
    monkeypatch.setenv("MOCKIDP_LISTEN", "localhost:1")
    assert settings() == before


def test_options_can_come_from_the_environment(serve, fetch, monkeypatch):
    environment = {
        "MOCKIDP_EXAMPLE": "acme",
        "MOCKIDP_LISTEN": "localhost:0",
        "MOCKIDP_NO_TLS": "1",
        "MOCKIDP_SEED": "7",
        "MOCKIDP_LOG_FORMAT": "json",
        "MOCKIDP_IMPERSONATION_TTL": "300",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    body = {
        "grant_type": "client_credentials", "client_id": "acme-global",
        "client_secret": "acme-global-secret",
    }  # fmt: skip
    tokens = []
    for options in ((), ("--seed", "7"), ("--seed", "8")):
        with serve(*options, tls=()) as server:
            assert server.tls_url is None
            tokens.append(fetch(f"{server.url}/oauth/token", body)["access_token"])
        assert server.err.startswith("{")
    assert tokens[0] == tokens[1] != tokens[2]


@pytest.mark.parametrize(
    ("variables", "arguments", "served"),
    [
        ({"MOCKIDP_EXAMPLE": "acme"}, ["zoe.yaml"], ("zoe", "https")),
        ({"MOCKIDP_TENANT_FILE": "zoe.yaml"}, ["--example", "acme"], ("alice", "https")),
        ({"MOCKIDP_NO_TLS": "1"}, ["--tls-listen", "localhost:0"], ("alice", "https")),
        ({"MOCKIDP_TLS_LISTEN": "localhost:0"}, ["--no-tls"], ("alice", "http")),
    ],
)
def test_an_option_overrides_the_opposite_variable(serve, fetch, variables, arguments, served):
    Path("zoe.yaml").write_text("users: [{user_id: auth0|zoe}]\n")
    environment = {"MOCKIDP_TLS_LISTEN": "localhost:0", **variables}
    with serve(*arguments, env=environment, tls=()) as server:
        user, scheme = served
        assert fetch(f"{server.url}/_mockidp/v1/tokens", {"user": user})["access_token"]
        assert bool(server.tls_url) == (scheme == "https")


def test_a_pushed_file_does_not_override_settings_of_the_environment_or_options(
    serve, fetch, mockidp, folder
):
    (folder / "pushed.yaml").write_text(
        "users: [{user_id: auth0|zoe}]\nmockidp: {login_lifetime: 7, impersonation: {ttl: 200}}\n"
    )
    environment = {"MOCKIDP_BROWSER_URL": "http://localhost:9400"}
    with serve("--no-tls", "--set", "impersonation.ttl=400", env=environment) as server:
        assert mockidp("push", "pushed.yaml", "--url", server.url).status == 0
        tenant = fetch(f"{server.url}/_mockidp/v1/tenant")
        discovery = fetch(f"{server.url}/.well-known/openid-configuration")
    assert [user["user_id"] for user in tenant["users"]] == ["auth0|zoe"]
    assert tenant["mockidp"]["login_lifetime"] == 7
    assert tenant["mockidp"]["impersonation"]["ttl"] == 400
    assert discovery["authorization_endpoint"] == "http://localhost:9400/authorize"


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("Yes", True), ("TRUE", True), ("0", False), ("off", False)]
)
def test_a_boolean_setting_accepts_the_same_words_as_an_option(settings, monkeypatch, text, value):
    monkeypatch.setenv("MOCKIDP_TRUST_PROXY", text)
    assert settings().trust_proxy is value
