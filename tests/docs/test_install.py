"""The page about installation: requirements, extras and commands in it exist."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from mockidp.cli.group import COMMANDS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/how-to/install.md").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
BLOCKS = dict(_BLOCK.findall(PAGE))


def requirements():
    """Return the requirements that the page installs, except the path of a checkout."""
    quoted = re.findall(r'"(mockidp-server[^"]*)"', PAGE)
    bare = re.findall(r"pipx? install (mockidp-server)", PAGE)
    return [Requirement(text) for text in quoted + bare]


def test_every_requirement_is_this_project():
    found = requirements()
    assert len(found) >= 6
    assert {one.name for one in found} == {PROJECT["name"]}
    assert {url.partition("@")[0] for one in found if (url := one.url)} == {
        f"git+{PROJECT['urls']['Source']}"
    }


def test_every_extra_has_a_row():
    rows = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert sorted(rows) == sorted(PROJECT["optional-dependencies"])


def test_the_dependency_group_allows_the_current_version():
    (name,) = tomllib.loads(BLOCKS["toml"])["dependency-groups"]
    group = tomllib.loads(BLOCKS["toml"])["dependency-groups"][name]
    assert f"pip install --group {name}" in PAGE
    (own,) = (one for one in map(Requirement, group) if one.name == PROJECT["name"])
    assert own.specifier.contains(PROJECT["version"])


def test_the_steps_run_existing_commands():
    steps = yaml.safe_load(BLOCKS["yaml"])
    called = re.findall(r"mockidp (\w+)", "\n".join(step["run"] for step in steps))
    assert called == ["serve", "wait"]
    assert set(called) <= set(COMMANDS)
    assert set(BLOCKS) == {"bash", "toml", "yaml"}


def test_the_project_urls_lead_to_the_repository():
    assert set(PROJECT["urls"]) == {"Homepage", "Documentation", "Source", "Changelog", "Issues"}
    source = PROJECT["urls"]["Source"]
    assert all(url.startswith(source) for url in PROJECT["urls"].values())
    for name in ("Documentation", "Changelog"):
        path = PROJECT["urls"][name].removeprefix(f"{source}/blob/main/")
        assert (ROOT / path).is_file(), name


# --- shell completion

COMPLETION = {
    shell: line.replace("\\|", "|")
    for shell, line in re.findall(r"^\| (bash|zsh|fish)\b.*\| `([^`]+)` \|$", PAGE, re.MULTILINE)
}
COMPLETED = [
    ("mockidp ser", ["serve"]),
    ("mockidp serve --ex", ["--example"]),
    ("mockidp serve --example ", ["acme"]),
    ("mockidp clock re", ["resume"]),
    ("mockidp token --us", ["--user"]),
]


def run(*command, env):
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == ""
    return done.stdout


def test_the_page_has_a_line_for_each_shell():
    assert list(COMPLETION) == ["bash", "zsh", "fish"]
    assert all(f"_MOCKIDP_COMPLETE={shell}_source" in COMPLETION[shell] for shell in COMPLETION)


@pytest.mark.parametrize(("typed", "completed"), COMPLETED)
def test_bash_completes_after_evaluating_the_line(environment, typed, completed):
    # This is what bash does when Tab is pressed.
    script = f"""{COMPLETION["bash"]}
    complete -p mockidp
    COMP_WORDS=({typed}{"''" if typed.endswith(" ") else ""})
    COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
    _mockidp_completion mockidp
    printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    registered, *completions = run("bash", "-c", script, env=environment).splitlines()
    assert registered == "complete -o nosort -F _mockidp_completion mockidp"
    assert completions == completed


@pytest.mark.parametrize(("typed", "completed"), COMPLETED)
@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_zsh_and_fish_get_completions_from_the_command(environment, shell, typed, completed):
    variable, command = re.search(
        r"(_MOCKIDP_COMPLETE=\w+_source) (mockidp)", COMPLETION[shell]
    ).groups()
    script = run("sh", "-c", f"{variable} {command}", env=environment)
    assert "mockidp" in script
    assert f"_MOCKIDP_COMPLETE={shell}_complete" in script
    words = typed.split(" ")
    variables = {
        "_MOCKIDP_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(words) - 1) if shell == "zsh" else words[-1],
    }
    answer = run(command, env={**environment, **variables}).splitlines()
    if shell == "zsh":
        kinds, values = answer[::3], answer[1::3]
    else:
        kinds, values = zip(*(line.split("\t")[0].split(",") for line in answer), strict=True)
    assert (set(kinds), list(values)) == ({"plain"}, completed)
