"""The page about trusting the CA: run its commands, also with a browser and Java."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Error, sync_playwright

from helpers.console import read_examples, read_files, run_examples
from mockidp.server import Server, parse_address
from mockidp.tls import Authority, environment

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "trust-the-ca.md").read_text()
TOOLS = {
    "curl": "curl", "node": "nodejs", "java": "default-jre-headless", "keytool": "default-jre-headless",
    "certutil": "libnss3-tools", "chromium": "chromium",
}  # fmt: skip
HEALTH = "/_mockidp/health"


def section(title):
    """Return the text of a section."""
    return re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)[
        1
    ]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Return the working directory of the mock, which is also the reader's home."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def env(environment, home):
    return {**environment, "HOME": str(home)}


@pytest.fixture(scope="module")
def mock(home):
    command = [
        sys.executable,
        "-m",
        "mockidp",
        "serve",
        "--listen",
        "localhost:0",
        "--tls-listen",
        "localhost:0",
        "--json",
    ]
    with subprocess.Popen(command, cwd=home, stdout=subprocess.PIPE, text=True) as process:
        yield SimpleNamespace(**json.loads(process.stdout.readline()))
        process.terminate()


@pytest.fixture
def run(mock, home, env, skip_or_fail):
    """Return a function that runs the commands of a section and compares their output."""

    def run(title, *tools):
        for tool in tools:
            if shutil.which(tool) is None:
                skip_or_fail(f"{tool} is missing: apt install {TOOLS[tool]}")
        for name, text in read_files(section(title)).items():
            (home / name).write_text(text)
        examples = read_examples(section(title))
        assert examples
        ports = {9400: mock.url.rpartition(":")[2], 9443: mock.tls_url.rpartition(":")[2]}
        variables = {**env, "MOCKIDP_URL": mock.url}
        printed = run_examples(examples, cwd=home, env=variables, ports=ports)
        for example, shown in zip(examples, printed, strict=True):
            assert example.is_shown_by(shown), f"$ {example.command}\n{shown}"

    return run


def test_tools_in_a_shell_with_mockidp_env_trust_the_ca(run):
    run("In a shell: Node, Python, curl, Go, Ruby, PHP", "curl", "node")


def test_the_table_of_variables_is_complete(tmp_path):
    table = dict(re.findall(r"^\| `([A-Z_]+)` \|.*?\| `([\w.-]+)`", PAGE, re.MULTILINE))
    expected = environment("http://localhost:9400/", tmp_path)
    del expected["MOCKIDP_ISSUER"]
    assert table == {name: Path(value).name for name, value in expected.items()}


def test_java_trusts_the_ca_in_a_trust_store(run):
    run("Java", "java", "keytool")


@pytest.fixture(scope="module")
def forged(mock):
    """Return the port of a server with a certificate for example.com, signed with the CA's key."""
    authority = Authority.load_or_create(Path(mock.ca_file).parent)
    authority._certified_name = lambda name: name
    address = [parse_address("127.0.0.1:0")]

    def app(_environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"forged"]

    context = authority.ssl_context()
    with Server(app, listen=address, tls_listen=address, tls_context=context) as server:
        yield server.tls_port


def test_chromium_trusts_the_ca_only_for_local_names(run, mock, forged, home, env):
    run("Chrome and Chromium on Linux", "certutil", "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(
            home / "profile",
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--host-resolver-rules=MAP example.com 127.0.0.1"],
            env=env,
        )
        page = browser.new_page()
        assert page.goto(mock.tls_url + HEALTH).json() == {"status": "ok"}
        with pytest.raises(Error, match="ERR_CERT"):
            page.goto(f"https://example.com:{forged}/")
        browser.close()


def test_every_block_of_the_page_is_tested():
    blocks = re.findall(r"^```(\w+)$", PAGE, re.MULTILINE)
    assert sorted(blocks) == ["console", "console", "console", "java"]
    assert list(read_files(PAGE)) == ["Health.java"]
