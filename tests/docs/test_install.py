"""The page for installing: what it names is what pyproject.toml and the command line have."""

import re
import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement

from mockidp.cli.group import COMMANDS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/how-to/install.md").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
BLOCKS = dict(_BLOCK.findall(PAGE))


def requirements():
    """Return all that the page installs, a checkout's path apart."""
    quoted = re.findall(r'"(mockidp-server[^"]*)"', PAGE)
    bare = re.findall(r"pipx? install (mockidp-server)", PAGE)
    return [Requirement(text) for text in quoted + bare]


def test_every_requirement_is_the_projects_own():
    found = requirements()
    assert len(found) >= 6
    assert {one.name for one in found} == {PROJECT["name"]}
    assert {url.partition("@")[0] for one in found if (url := one.url)} == {
        f"git+{PROJECT['urls']['Source']}"
    }


def test_every_extra_has_a_row():
    rows = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert sorted(rows) == sorted(PROJECT["optional-dependencies"])


def test_a_project_can_copy_the_dependency_group():
    (name,) = tomllib.loads(BLOCKS["toml"])["dependency-groups"]
    group = tomllib.loads(BLOCKS["toml"])["dependency-groups"][name]
    assert f"pip install --group {name}" in PAGE
    (own,) = (one for one in map(Requirement, group) if one.name == PROJECT["name"])
    assert own.specifier.contains(PROJECT["version"])


def test_the_steps_run_commands_that_exist():
    steps = yaml.safe_load(BLOCKS["yaml"])
    called = re.findall(r"mockidp (\w+)", "\n".join(step["run"] for step in steps))
    assert called == ["serve", "wait"]
    assert set(called) <= set(COMMANDS)
    assert set(BLOCKS) == {"bash", "toml", "yaml"}


def test_the_package_index_links_to_the_repository():
    assert set(PROJECT["urls"]) == {"Homepage", "Documentation", "Source", "Changelog", "Issues"}
    source = PROJECT["urls"]["Source"]
    assert all(url.startswith(source) for url in PROJECT["urls"].values())
    for name in ("Documentation", "Changelog"):
        path = PROJECT["urls"][name].removeprefix(f"{source}/blob/main/")
        assert (ROOT / path).is_file(), name
