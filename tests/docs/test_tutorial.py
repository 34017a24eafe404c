"""The tutorial: its commands run, its files are tested, and its buttons exist."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.browser import Browser
from helpers.console import read_examples, read_files, run_examples

PAGE = (Path(__file__).parents[2] / "docs" / "tutorial.md").read_text()
AUDIENCE = "https://api.acme.example/"
_BLOCK = re.compile(r"^```bash\n(.*?)^```", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"<(http://[^>]+)>")


@pytest.fixture
def url(environment, tmp_path):
    """Serve the example tenant as the page does, on a free port."""
    [serve] = [block.split() for block in _BLOCK.findall(PAGE) if "mockidp serve" in block]
    with subprocess.Popen(
        [*serve, "--listen", "localhost:0", "--no-tls", "--json"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        yield json.loads(process.stdout.readline())["url"]
        process.terminate()


@pytest.fixture
def links(url):
    """Return the URLs that the reader opens."""
    start, mismatch = (link.replace("http://localhost:9400", url) for link in _LINK.findall(PAGE))
    return start, mismatch


def test_the_commands_print_what_the_page_shows(url, environment, tmp_path):
    for name, text in read_files(PAGE).items():
        (tmp_path / name).write_text(text)
    examples = read_examples(PAGE)
    variables = {**environment, "MOCKIDP_URL": url}
    ports = {9400: url.rpartition(":")[2]}
    printed = run_examples(examples, cwd=tmp_path, env=variables, ports=ports)
    assert len(printed) == len(examples) > 4
    for example, shown in zip(examples, printed, strict=True):
        assert example.is_shown_by(shown), f"$ {example.command}\n{shown}"


def test_a_reader_logs_in_with_the_test_client(links):
    browser = Browser()
    shown = dict.fromkeys(
        re.findall(r"\*\*([^*]+)\*\*", PAGE.partition("## 3")[2].partition("## 4")[0])
    )
    assert list(shown) == [
        "Log in with the test client",
        "Audience",
        "Log in",
        "Alice Acme",
        "Pick a user",
        "Logged in",
    ]
    browser.open(links[0])
    assert ">Log in with the test client</a>" in browser.page
    browser.open(f"{browser.url}try")
    assert ">Audience</label>" in browser.page
    assert ">Log in</button>" in browser.page
    browser.open(f"{browser.url}/login?scope=openid&audience={AUDIENCE}")
    assert ">Alice Acme</bdi>" in browser.page.partition(">Pick a user</h2>")[2]
    browser.submit(username="alice@acme.example", password="Passw0rd!", action="default")
    assert "<h1>Logged in</h1>" in browser.page
    assert AUDIENCE in browser.page


def test_the_error_page_explains_the_callback_mismatch(links):
    browser = Browser()
    browser.open(links[1], status=403)
    assert "Callback URL mismatch" in browser.page
    own_part = browser.page.partition(">What mockidp says</h2>")[2]
    assert "It differs from http://localhost:3000/callback in its path" in own_part


def test_the_page_installs_the_packages_that_it_uses():
    install = _BLOCK.findall(PAGE)[0].splitlines()[-1].split()
    files = read_files(PAGE)
    imported = {
        name
        for text in files.values()
        for name in re.findall(r"^(?:import|from) (\w+)", text, re.MULTILINE)
        if f"{name}.py" not in files and name not in sys.stdlib_module_names
    }
    assert install[:3] == ["pip", "install", "../mockidp"]
    assert {*install[3:], "jwt"} == imported  # mockidp depends on PyJWT
    assert len(_BLOCK.findall(PAGE)) == 2
