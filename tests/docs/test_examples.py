"""The example files agree with each other, and their pages show excerpts of them.

tests/container runs them on a real container engine, and `scripts/check examples` lints them.
"""

import json
import os
import re
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest
import yaml

from helpers.plugins import block_plugins
from mockidp import MockIdP

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
TENANT = EXAMPLES / "app" / "tenant.yaml"
PAGES = {
    "github-actions": ["github-actions.yml"],
    "gitlab-ci": ["gitlab-ci.yml"],
    "compose": ["compose.yaml", "browser/test_login.py"],
}
FILES = sorted(path for path in EXAMPLES.rglob("*.y*ml") if path != TENANT)
_BLOCK = re.compile(r"^```(yaml|python)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_IMAGE = re.compile(r"[a-z.]+/\S+/mockidp:\S+")
_LINK = re.compile(r"\]\((\.\./[^)#]+)\)")


def test_the_app_passes_its_tests(tmp_path):
    with MockIdP(TENANT) as idp:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *block_plugins("timeout")],
            cwd=EXAMPLES / "app",
            env={**os.environ, "ISSUER": idp.issuer, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert "3 passed" in done.stdout, done.stdout + done.stderr
    assert idp.journal.of("token", client="acme-web")


def documents(path):
    return [one for one in yaml.safe_load_all(path.read_text()) if one]


def strings(value):
    """Yield every string in a document."""
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("name", ["github-actions.yml", "gitlab-ci.yml", "kubernetes.yaml"])
def test_the_inline_tenant_of_a_file_is_that_of_the_app(name):
    (inline,) = [text for text in strings(documents(EXAMPLES / name)) if "clients:\n" in text]
    assert inline == TENANT.read_text()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(EXAMPLES)))
def test_every_file_uses_the_image_that_the_release_publishes(path):
    release = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    images = {text for text in strings(documents(path)) if _IMAGE.fullmatch(text)}
    assert images == {f"{release['env']['IMAGE']}:{version.rpartition('.')[0]}"}


def test_kubernetes_restarts_no_mock_because_redis_is_away():
    """Its health is 503 meanwhile."""
    (mock,) = [
        container
        for one in documents(EXAMPLES / "kubernetes.yaml")
        if one["kind"] == "Deployment"
        for container in one["spec"]["template"]["spec"]["containers"]
        if container["name"] == "mockidp"
    ]
    assert mock["readinessProbe"]["httpGet"]["path"] == "/_mockidp/health"
    for probe in ("startupProbe", "livenessProbe"):
        assert mock[probe]["tcpSocket"] == {"port": "http"}


def test_the_dev_container_uses_a_service_of_its_compose_file():
    folder = EXAMPLES / "devcontainer"
    lines = (folder / "devcontainer.json").read_text().splitlines()
    settings = json.loads("\n".join(line for line in lines if not line.startswith("//")))
    (compose,) = documents(folder / settings["dockerComposeFile"])
    assert settings["service"] in compose["services"]
    assert any(
        volume.split(":")[1] == settings["workspaceFolder"]
        for volume in compose["services"][settings["service"]]["volumes"]
    )


@pytest.mark.parametrize("name", PAGES)
def test_every_block_of_a_page_is_an_excerpt_of_its_files(name):
    sources = [(EXAMPLES / source).read_text() for source in PAGES[name]]
    blocks = [text for _, text in _BLOCK.findall((ROOT / f"docs/how-to/{name}.md").read_text())]
    assert blocks
    for block in blocks:
        assert any(_is_excerpt(block, source) for source in sources), block


def _is_excerpt(block, source):
    """Return whether a block consists of lines of the source, at any indentation."""
    depths = range(0, 16, 2)
    return any(f"\n{textwrap.indent(block, ' ' * depth)}" in source for depth in depths)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_links_to_existing_files(name):
    page = ROOT / f"docs/how-to/{name}.md"
    links = _LINK.findall(page.read_text())
    assert links
    assert [link for link in links if not (page.parent / link).exists()] == []
