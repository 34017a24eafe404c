"""The guides for apps that use the mock: run the reader's commands with the example tenant.

The fixed ports of a guide are replaced by free ones, in the page and in the tenant file.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from helpers.browser import Browser
from helpers.console import read_examples, read_files, run_examples
from helpers.free_ports import find_free_ports

ROOT = Path(__file__).parents[2]
ACME = ROOT / "fixtures" / "tenants" / "acme.yaml"
NODE = ROOT / "tests" / "clients" / "node"
GUIDES = {
    "expired-token": [3001],
    "express": [3000, 3001, 3002],
    "flask": [3000],
    "impersonation": [3000],
}
WITH_THE_EXAMPLE_TENANT = ["express", "flask"]
TOOLS = {"curl": "curl", "npx": "npm", "chromium": "chromium"}  # tool: apt package
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def read(guide):
    return (ROOT / "docs" / "how-to" / f"{guide}.md").read_text()


def setup_commands(guide):
    """Return the commands that set up the app, in order."""
    blocks = [text for language, text in _BLOCK.findall(read(guide)) if language == "bash"]
    return "".join(blocks).splitlines()


def replace_ports(text, ports):
    for port, free in ports.items():
        text = re.sub(rf"\b{port}\b", str(free), text)
    return text


@pytest.fixture
def serve(environment, tmp_path):
    """Return a function that serves a tenant until the test ends, and returns its URL."""
    processes = []

    def serve(text):
        (tmp_path / "acme.yaml").write_text(text)
        command = ["mockidp", "serve", "acme.yaml", "--listen", "localhost:0", "--no-tls", "--json"]
        with (tmp_path / "mockidp.log").open("w") as log:
            process = subprocess.Popen(
                command,
                cwd=tmp_path,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        processes.append(process)
        return json.loads(process.stdout.readline())["url"]

    yield serve
    for process in processes:
        process.terminate()
        process.communicate(timeout=10)


@pytest.fixture
def require_tools(skip_or_fail, tmp_path):
    """Return a function that returns a page, or skips the test if one of its tools is missing."""

    def require_tools(page):
        for tool, package in TOOLS.items():
            if tool in page.lower() and shutil.which(tool) is None:
                skip_or_fail(f"{tool} is missing: apt install {package}")
        if "npx" in page and not (NODE / "node_modules" / "express-openid-connect").is_dir():
            skip_or_fail("needs Node's packages: npm ci --prefix tests/clients/node")
        (tmp_path / "node_modules").symlink_to(NODE / "node_modules")
        return page

    return require_tools


@pytest.mark.parametrize("guide", GUIDES)
def test_the_commands_of_a_guide_print_what_it_shows(
    guide, require_tools, environment, serve, tmp_path
):
    page = require_tools(read(guide))
    ports = find_free_ports(GUIDES[guide])
    tenant = read_files(page).get("tenant.yaml", ACME.read_text())
    url = serve(replace_ports(tenant, ports))
    page = replace_ports(page, {**ports, 9400: url.rpartition(":")[2]})
    for name, text in read_files(page).items():
        (tmp_path / name).write_text(text)
    examples = read_examples(page)
    variables = {**environment, "MOCKIDP_URL": url}
    printed = run_examples(examples, cwd=tmp_path, env=variables, ports={})
    assert len(printed) == len(examples) > 0
    for example, shown in zip(examples, printed, strict=True):
        assert example.is_shown_by(shown), f"$ {example.command}\n{shown}"


@pytest.mark.parametrize("guide", GUIDES)
def test_every_block_of_a_guide_is_tested(guide):
    page = read(guide)
    files = read_files(page).values()
    blocks = [(language, text) for language, text in _BLOCK.findall(page) if text not in files]
    assert {language for language, _ in blocks} <= {"bash", "console"}


@pytest.mark.parametrize("guide", WITH_THE_EXAMPLE_TENANT)
def test_a_guide_has_at_most_eight_commands_from_clone_to_running_app(guide):
    commands = setup_commands(guide)
    assert len(commands) <= 8
    assert commands[0].startswith("git clone https://")
    assert commands[1] == "mockidp/scripts/serve"
    assert os.access(ROOT / "scripts" / "serve", os.X_OK)
    assert commands[-1].split()[-1] in read_files(read(guide))  # the app's file


def test_the_express_guide_installs_packages_that_the_tests_use():
    packages = json.loads((NODE / "package.json").read_text())["dependencies"]
    [install] = [
        command for command in setup_commands("express") if command.startswith("npm install ")
    ]
    assert {*install.split()[2:]} <= packages.keys()
    # The guide's own test starts the app with the same command.
    assert setup_commands("express")[-1] == "node app.js"
    assert "`node ${process.env.APP ?? 'app.js'}`" in read("express")


@pytest.mark.parametrize("guide", WITH_THE_EXAMPLE_TENANT)
def test_the_example_tenant_has_the_app_of_the_guide(guide):
    assert "http://localhost:3000/callback" in ACME.read_text()
    assert "acme-web" in read(guide)


@pytest.fixture
def flask_app(environment, serve, tmp_path):
    """Serve the guide's app with its last command. Return its URL."""
    ports = find_free_ports(GUIDES["flask"])
    idp_port = serve(replace_ports(ACME.read_text(), ports)).rpartition(":")[2]
    app = replace_ports(read_files(read("flask"))["app.py"], {**ports, 9400: idp_port})
    (tmp_path / "app.py").write_text(app)
    assert setup_commands("flask")[-1] == "python app.py"
    with subprocess.Popen(
        ["python", "app.py"], cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        assert any("Running on" in line for line in process.stderr)
        yield f"http://localhost:{ports[3000]}/"
        process.terminate()


def test_a_user_of_the_flask_app_logs_in_reloads_and_logs_out(flask_app):
    browser = Browser()
    browser.open(flask_app)
    assert "Not logged in" in browser.page
    browser.open(f"{flask_app}login")
    browser.submit(username="alice@acme.example", password="Passw0rd!", action="default")
    assert browser.url == flask_app
    assert "Hello Alice Acme" in browser.page
    browser.open(flask_app)
    assert "Hello Alice Acme" in browser.page
    browser.open(f"{flask_app}logout")
    assert browser.url == flask_app
    assert "Not logged in" in browser.page
    browser.open(f"{flask_app}login")
    assert 'name="password"' in browser.page
