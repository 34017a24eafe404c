"""`mockidp env`: the exported variables, in the syntax of each shell."""

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import jwt
import pytest

from mockidp.cli.env import _issuer_at
from mockidp.cli.shells import SHELLS
from mockidp.server import Server, parse_address
from mockidp.tls import Authority
from mockidp.web.app import create_app

FILES = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"]
NAMES = ["MOCKIDP_URL", "MOCKIDP_ISSUER", *FILES]


def evaluated(text):
    """Return the variables of a shell that evaluates a text."""
    script = 'eval "$TEXT"\nprintf "%s\\n" ' + " ".join(f'"${name}"' for name in NAMES)
    done = subprocess.run(
        ["bash", "-c", script],
        env={"PATH": os.environ["PATH"], "TEXT": text},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return dict(zip(NAMES, done.stdout.splitlines(), strict=True))


@pytest.fixture(autouse=True)
def no_mock(monkeypatch):
    """Let no mock answer, even if one runs on this machine."""
    monkeypatch.setattr("mockidp.cli.env._issuer_at", lambda _url: "")


@pytest.fixture
def ca(folder):
    """Create the CA of a mock that was started in the test's folder."""
    Authority.load_or_create(folder / ".mockidp")


@pytest.mark.parametrize("name", [".mockidp", "with space", "it's", '$HOME `id` "x" \\ !!'])
def test_a_shell_evaluates_the_lines_for_any_name_of_the_folder(mockidp, folder, name):
    Authority.load_or_create(folder / name)
    done = mockidp("env", "--data-dir", name)
    assert (done.status, done.err) == (0, "")
    assert all(line.startswith("export ") for line in done.out.splitlines())
    found = evaluated(done.out)
    assert found["MOCKIDP_URL"] == "http://localhost:9400"
    assert found["MOCKIDP_ISSUER"] == "http://localhost:9400/"
    assert found["NODE_EXTRA_CA_CERTS"] == str(folder / name / "ca.pem")
    assert {found[each] for each in FILES[1:]} == {str(folder / name / "ca-bundle.pem")}
    assert all(Path(found[each]).exists() for each in FILES)


@pytest.mark.usefixtures("ca")
def test_values_are_in_quotes(mockidp, folder):
    lines = mockidp("env").out.splitlines()
    assert lines[0] == "export MOCKIDP_URL='http://localhost:9400'"
    assert lines[1] == "export MOCKIDP_ISSUER='http://localhost:9400/'"
    assert lines[2] == f"export NODE_EXTRA_CA_CERTS='{folder}/.mockidp/ca.pem'"


@pytest.mark.parametrize(
    ("shell", "value", "line"),
    [
        ("bash", "a b", "export N='a b'"),
        ("bash", "it's", """export N='it'"'"'s'"""),
        ("bash", "$HOME \\ `id`", "export N='$HOME \\ `id`'"),
        ("fish", "a b", "set -gx N 'a b'"),
        ("fish", "it's", "set -gx N 'it\\'s'"),
        ("fish", "$HOME \\ \\'", "set -gx N '$HOME \\\\ \\\\\\''"),
        ("powershell", "a b", "$env:N = 'a b'"),
        ("powershell", "it's", "$env:N = 'it''s'"),
        ("powershell", "$HOME `n \\", "$env:N = '$HOME `n \\'"),
        ("powershell", "\u2018\u2019\u201a\u201b", "$env:N = '" + "".join(
            2 * one for one in "\u2018\u2019\u201a\u201b") + "'"),
    ],
)  # fmt: skip
def test_values_are_quoted_for_each_shell(shell, value, line):
    assert SHELLS[shell]("N", value) == line


@pytest.mark.usefixtures("ca")
@pytest.mark.parametrize(
    ("shell", "start"),
    [("bash", "export MOCKIDP_URL="), ("fish", "set -gx "), ("powershell", "$env:MOCKIDP_URL = ")],
)
def test_the_lines_have_the_syntax_of_the_chosen_shell(mockidp, shell, start):
    done = mockidp("env", "--shell", shell)
    assert (done.status, done.out.startswith(start)) == (0, True)
    assert done.out.count("\n") == len(NAMES)


def test_an_unknown_shell_is_refused(mockidp):
    done = mockidp("env", "--shell", "csh")
    assert (done.status, done.out) == (2, "")
    assert "'csh' is not one of 'bash', 'fish', 'powershell'" in done.err


@pytest.mark.usefixtures("ca")
def test_json_has_the_same_values(mockidp):
    assert json.loads(mockidp("env", "--json").out) == evaluated(mockidp("env").out)


@pytest.mark.usefixtures("ca")
@pytest.mark.parametrize(
    ("variables", "options", "found"),
    [
        ({}, ["--url", "http://a.test:1"], ("http://a.test:1", "http://a.test:1/")),
        ({}, ["--url", "http://a.test:1/t/x/"], ("http://a.test:1/t/x", "http://a.test:1/t/x/")),
        ({}, ["--issuer", "https://a.test/"], ("https://a.test", "https://a.test/")),
        (
            {},
            ["--url", "http://a.test:1", "--issuer", "https://b.test/"],
            ("http://a.test:1", "https://b.test/"),
        ),
        ({"MOCKIDP_URL": "http://a.test:1"}, [], ("http://a.test:1", "http://a.test:1/")),
        ({"MOCKIDP_ISSUER": "https://a.test/"}, [], ("https://a.test", "https://a.test/")),
        (
            {"MOCKIDP_URL": "http://a.test:1", "MOCKIDP_ISSUER": "https://b.test/"},
            [],
            ("http://a.test:1", "https://b.test/"),
        ),
        ({"MOCKIDP_URL": "", "MOCKIDP_ISSUER": ""}, [], ("http://localhost:9400",) * 2),
        ({"MOCKIDP_LISTEN": "*:8080"}, [], ("http://localhost:8080",) * 2),
        (
            {"MOCKIDP_URL": "http://old.test:1", "MOCKIDP_ISSUER": "https://old.test/"},
            ["--url", "http://a.test:2"],
            ("http://a.test:2", "http://a.test:2/"),
        ),
        (
            {"MOCKIDP_URL": "http://old.test:1", "MOCKIDP_ISSUER": "https://old.test/"},
            ["--issuer", "https://a.test/"],
            ("https://a.test", "https://a.test/"),
        ),
    ],
)
def test_url_and_issuer_belong_to_one_mock(mockidp, environment, variables, options, found):
    environment(**variables)
    values = json.loads(mockidp("env", "--json", *options).out)
    url, issuer = found
    assert values["MOCKIDP_URL"] == url
    assert values["MOCKIDP_ISSUER"] == (issuer if issuer.endswith("/") else f"{issuer}/")


def test_the_data_directory_can_come_from_the_environment(mockidp, folder, environment):
    Authority.load_or_create(folder / "else")
    environment(MOCKIDP_DATA_DIR="else")
    found = json.loads(mockidp("env", "--json").out)
    assert found["NODE_EXTRA_CA_CERTS"] == str(folder / "else" / "ca.pem")


def test_an_invalid_url_is_refused(mockidp):
    done = mockidp("env", "--url", "localhost:9400")
    assert (done.status, done.out) == (1, "")
    assert done.err == "mockidp: 'localhost:9400' is not a URL such as http://localhost:9400\n"


def test_without_a_ca_a_mock_on_https_exports_nothing(mockidp):
    done = mockidp("env", "--url", "https://localhost:9443")
    assert (done.status, done.out) == (1, "")
    assert done.err == (
        "mockidp: .mockidp/ca.pem does not exist: run this in the directory where `mockidp serve` "
        "was started, or pass its --data-dir\n"
    )


def test_without_a_ca_a_mock_on_http_is_exported_with_a_warning(mockidp):
    done = mockidp("env")
    assert done.status == 0
    assert done.out.splitlines() == [
        "export MOCKIDP_URL='http://localhost:9400'",
        "export MOCKIDP_ISSUER='http://localhost:9400/'",
    ]
    assert done.err.startswith(
        "mockidp: the variables only support http, because .mockidp/ca.pem does not exist: run this in "
    )


@pytest.mark.usefixtures("ca")
def test_the_issuer_of_a_minted_token_is_the_one_that_is_exported(mockidp, environment, url):
    exported = json.loads(mockidp("env", "--json", "--url", url).out)
    environment(MOCKIDP_URL=exported["MOCKIDP_URL"])
    minted = mockidp("token", "--audience", "https://api.acme.example/", "--user", "alice")
    claims = jwt.decode(minted.out.strip(), options={"verify_signature": False})
    assert claims["iss"] == exported["MOCKIDP_ISSUER"] == f"{url}/"


# --- the issuer of a mock that runs ---


@pytest.fixture
def answering_mock(monkeypatch):
    """Let the mock of the test answer."""
    monkeypatch.setattr("mockidp.cli.env._issuer_at", _issuer_at)


@pytest.mark.usefixtures("ca", "answering_mock")
@pytest.mark.parametrize("pinned", ["https://idp.test/", "http://idp.test:9400/t/x/"])
def test_an_issuer_that_the_running_mock_has_pinned_is_exported(mockidp, url, tenant, pinned):
    with tenant.backend.exclusive():
        document = tenant.document
        settings = replace(document.mockidp, issuer=pinned)
        tenant.change(replace(document, mockidp=settings))
    values = json.loads(mockidp("env", "--json", "--url", url).out)
    assert (values["MOCKIDP_URL"], values["MOCKIDP_ISSUER"]) == (url, pinned)
    minted = mockidp("token", "-a", "https://api.acme.example/", "-u", "alice", "--url", url)
    claims = jwt.decode(minted.out.strip(), options={"verify_signature": False})
    assert claims["iss"] == pinned


@pytest.mark.usefixtures("ca", "answering_mock")
def test_the_issuer_of_a_mock_on_https_is_read_before_its_ca_is_trusted(mockidp, folder, tenant):
    here, tls = parse_address("127.0.0.1:0"), Authority.load_or_create(folder / ".mockidp")
    with Server(
        create_app(tenant), listen=[here], tls_listen=[here], tls_context=tls.ssl_context()
    ) as server:
        values = json.loads(mockidp("env", "--json", "--url", server.tls_url).out)
    assert values["MOCKIDP_ISSUER"] == f"{server.tls_url}/"


@pytest.mark.usefixtures("ca", "answering_mock")
@pytest.mark.parametrize("body", [b"{}", b"[]", b"x", b'{"issuer": 5}', b'{"issuer": "a\\nb"}'])
def test_an_invalid_issuer_is_not_exported(mockidp, body):
    def app(_environ, start_response):
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    with Server(app, listen=[parse_address("127.0.0.1:0")]) as server:
        values = json.loads(mockidp("env", "--json", "--url", server.url).out)
    assert values["MOCKIDP_ISSUER"] == f"{server.url}/"


@pytest.mark.usefixtures("ca", "answering_mock")
@pytest.mark.parametrize("url", ["{unused_url}", "http://nowhere.invalid:1"])
def test_without_a_running_mock_the_issuer_is_derived_from_the_url(mockidp, unused_url, url):
    url = url.format(unused_url=unused_url)
    values = json.loads(mockidp("env", "--json", "--url", url).out)
    assert values["MOCKIDP_ISSUER"] == f"{url}/"
