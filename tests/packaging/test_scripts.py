"""scripts/serve on machines without some program, and after interrupted runs.

A fake Python records its calls and creates a .venv of fake programs, so that nothing is installed.
"""

import os
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = """#!/bin/sh
echo "$*" >>"$CALLS"
case "$*" in
  "-c import sys; sys.exit"*) exit "${TOO_OLD:-0}" ;;
  "-c import ensurepip"*) exit "${NO_ENSUREPIP:-0}" ;;
  "-c import sys; print"*) echo python3.11-venv ;;
  "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  "-m pip install "*)
    [ -z "$INTERRUPTED" ] || kill -9 $PPID
    [ -z "$PIP_FAILS" ] || exit 1
    printf '#!/bin/sh\\necho "mockidp $*"\\n' >"${0%/*}/mockidp"
    chmod +x "${0%/*}/mockidp" ;;
esac
"""
TOOLS = ["bash", "sh", "basename", "dirname", "cat", "cmp", "cp", "mkdir", "rm", "chmod", "flock"]


@pytest.fixture
def checkout(tmp_path):
    """Return a checkout with only the scripts, and a function that runs scripts/serve in it."""
    root, tools = tmp_path / "check out", tmp_path / "bin"
    shutil.copytree(ROOT / "scripts", root / "scripts")
    (root / "pyproject.toml").write_text("[project]\n")
    tools.mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        if found:
            (tools / name).symlink_to(found)
    python = tools / "python3"
    python.write_text(PYTHON)
    python.chmod(0o755)
    calls = tmp_path / "calls"

    def serve(*arguments, root=root, **environment):
        calls.write_text("")
        return subprocess.run(
            [root / "scripts/serve", *arguments],
            env={"PATH": str(tools), "CALLS": str(calls), **environment},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    return SimpleNamespace(root=root, python=python, serve=serve, calls=calls.read_text)


def test_the_first_run_installs_and_serves_the_example_with_the_options(checkout):
    done = checkout.serve("--listen", "127.0.0.1:0")
    assert done.returncode == 0
    assert done.stdout == "mockidp serve --example acme --listen 127.0.0.1:0\n"
    assert "-m pip install --quiet --disable-pip-version-check --editable ." in checkout.calls()


def test_the_last_line_says_how_to_use_the_command_in_another_terminal(checkout):
    last = checkout.serve().stderr.splitlines()[-1]
    activate = f"{checkout.root}/.venv/bin/activate".replace(" ", "\\ ")
    assert last == (
        f"scripts/serve: to use the command mockidp in another terminal, run: . {activate}"
    )


def test_the_second_run_does_not_call_pip(checkout):
    checkout.serve()
    assert checkout.serve().returncode == 0
    assert "pip" not in checkout.calls()


def test_a_changed_pyproject_is_installed_into_the_same_venv(checkout):
    checkout.serve()
    (checkout.root / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert checkout.serve().returncode == 0
    assert "pip install" in checkout.calls()
    assert "-m venv" not in checkout.calls()


def test_a_checkout_that_was_moved_gets_a_new_venv(checkout):
    checkout.serve()
    moved = checkout.root.rename(checkout.root.with_name("moved"))
    assert checkout.serve(root=moved).returncode == 0
    assert f"-m venv {moved}/.venv" in checkout.calls()


def test_after_an_interrupted_first_run_the_venv_is_created_again(checkout):
    assert checkout.serve(INTERRUPTED="1").returncode != 0
    done = checkout.serve()
    assert done.returncode == 0
    assert "-m venv" in checkout.calls()


def test_after_an_interrupted_later_run_the_venv_is_created_again(checkout):
    checkout.serve()
    (checkout.root / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert checkout.serve(INTERRUPTED="1").returncode != 0
    assert checkout.serve().returncode == 0
    assert "-m venv" in checkout.calls()


def test_a_venv_without_python_is_created_again(checkout):
    checkout.serve()
    (checkout.root / ".venv/bin/python").unlink()
    assert checkout.serve().returncode == 0
    assert "-m venv" in checkout.calls()


def test_without_ensurepip_the_missing_package_is_named(checkout):
    done = checkout.serve(NO_ENSUREPIP="1")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.endswith("has no ensurepip, which .venv needs: apt install python3.11-venv")
    assert not (checkout.root / ".venv").exists()


def test_a_python_without_ensurepip_is_skipped_if_there_is_another(checkout):
    other = checkout.python.with_name("python3.12")
    checkout.python.rename(other)
    checkout.python.write_text('#!/bin/sh\nNO_ENSUREPIP=1 exec "${0%/*}/python3.12" "$@"\n')
    checkout.python.chmod(0o755)
    assert checkout.serve().returncode == 0
    assert "-m venv" in checkout.calls()


@pytest.mark.parametrize("how", ["absent", "too old"])
def test_without_a_suitable_python_the_needed_version_is_named(checkout, how):
    if how == "absent":
        checkout.python.unlink()
    done = checkout.serve(TOO_OLD="1")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "needs Python 3.11 or newer" in line


def test_after_a_failure_of_pip_the_venv_is_created_again(checkout):
    done = checkout.serve(PIP_FAILS="1")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "pip could not install" in done.stderr.splitlines()[-1]
    assert checkout.serve().returncode == 0
    assert "-m venv" in checkout.calls()


def test_the_scripts_are_executable():
    for name in ["scripts/serve", "scripts/test", "scripts/check", ".ci/run"]:
        assert os.access(ROOT / name, os.X_OK)
