"""The files to copy: what stands in several of them is the same, and their pages show nothing else.

They are run on a real engine by tests/container, and linted by `scripts/check examples`.
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
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"],
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
    """Yield every text in a document."""
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("name", ["github-actions.yml", "gitlab-ci.yml", "kubernetes.yaml"])
def test_the_tenant_in_a_file_is_that_of_the_app(name):
    (inline,) = [text for text in strings(documents(EXAMPLES / name)) if "clients:\n" in text]
    assert inline == TENANT.read_text()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(EXAMPLES)))
def test_every_file_names_the_image_that_the_release_publishes(path):
    release = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    named = {text for text in strings(documents(path)) if _IMAGE.fullmatch(text)}
    assert named == {f"{release['env']['IMAGE']}:{version.rpartition('.')[0]}"}


def test_the_dev_container_starts_what_its_compose_file_has():
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
def test_a_page_shows_what_stands_in_the_files(name):
    sources = [(EXAMPLES / source).read_text() for source in PAGES[name]]
    blocks = [text for _, text in _BLOCK.findall((ROOT / f"docs/how-to/{name}.md").read_text())]
    assert blocks
    for block in blocks:
        assert any(_stands_in(block, source) for source in sources), block


def _stands_in(block, source):
    """Say whether a block is an excerpt of whole lines, however deep it is indented there."""
    deep = range(0, 16, 2)
    return any(f"\n{textwrap.indent(block, ' ' * depth)}" in source for depth in deep)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_links_to_what_is_there(name):
    page = ROOT / f"docs/how-to/{name}.md"
    links = _LINK.findall(page.read_text())
    assert links
    assert [link for link in links if not (page.parent / link).exists()] == []
