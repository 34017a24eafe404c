"""The guides for an app that runs beside the mock: the reader's commands, with the example tenant.

A guide uses the ports that a reader has. Here each is replaced by a free one, in the page and in
the tenant file.
"""

import json
import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest
from console import read_examples, read_files, run_examples

ROOT = Path(__file__).parents[2]
ACME = ROOT / "fixtures" / "tenants" / "acme.yaml"
NODE = ROOT / "tests" / "clients" / "node"
GUIDES = {"express": [3000, 3001, 3002]}
TOOLS = {"curl": "curl", "npx": "npm", "chromium": "chromium"}  # and the package that has each
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def read(guide):
    return (ROOT / "docs" / "how-to" / f"{guide}.md").read_text()


def set_up(guide):
    """Return the commands that a reader types to set up the app, in order."""
    blocks = [text for language, text in _BLOCK.findall(read(guide)) if language == "bash"]
    return "".join(blocks).splitlines()


def find_free_ports(ports):
    """Map each port to one on which nothing listens."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in ports]
    try:
        return {port: one.getsockname()[1] for port, one in zip(ports, sockets, strict=True)}
    finally:
        for one in sockets:
            one.close()


def replace_ports(text, ports):
    for port, free in ports.items():
        text = re.sub(rf"\b{port}\b", str(free), text)
    return text


@pytest.fixture
def serve(environment, tmp_path):
    """Give a function that serves a tenant until the test ends, and returns its port."""
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
def installed(lacking, tmp_path):
    """Give a function that returns a page, or skips the test if a tool of the page is missing."""

    def installed(page):
        for tool, package in TOOLS.items():
            if tool in page.lower() and shutil.which(tool) is None:
                lacking(f"{tool} is missing: apt install {package}")
        if "npx" in page and not (NODE / "node_modules" / "express-openid-connect").is_dir():
            lacking("needs Node's packages: npm ci --prefix tests/clients/node")
        (tmp_path / "node_modules").symlink_to(NODE / "node_modules")
        return page

    return installed


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_does_what_it_shows(guide, installed, environment, serve, tmp_path):
    page = installed(read(guide))
    ports = find_free_ports(GUIDES[guide])
    url = serve(replace_ports(ACME.read_text(), ports))
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
def test_every_block_of_a_guide_is_used(guide):
    page = read(guide)
    named = read_files(page).values()
    blocks = [(language, text) for language, text in _BLOCK.findall(page) if text not in named]
    assert {language for language, _ in blocks} <= {"bash", "console"}


def test_the_express_guide_needs_at_most_eight_commands():
    commands = set_up("express")
    assert [command.split()[0] for command in commands] == [
        "git", "mockidp/scripts/serve", "mkdir", "cd", "npm", "node",
    ]  # fmt: skip
    assert len(commands) <= 8
    assert commands[1] == "mockidp/scripts/serve"
    packages = json.loads((NODE / "package.json").read_text())["dependencies"]
    assert {*commands[4].split()[2:]} <= packages.keys()
    # The last is what the guide's own test runs, and the app's file.
    assert commands[5] == "node app.js"
    assert "?? 'app.js'" in read_files(read("express"))["playwright.config.mjs"]


@pytest.mark.parametrize("guide", GUIDES)
def test_the_example_tenant_knows_the_app_of_the_guide(guide):
    assert "http://localhost:3000/callback" in ACME.read_text()
    assert "acme-web" in read(guide)
