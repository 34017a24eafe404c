"""scripts/serve on machines that lack something, and after runs that were cut short.

A stand-in for Python notes how it is called and makes a .venv of stand-ins, so that nothing is
installed here.
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
    [ -z "$CUT_SHORT" ] || kill -9 $PPID
    [ -z "$PIP_FAILS" ] || exit 1
    printf '#!/bin/sh\\necho "mockidp $*"\\n' >"${0%/*}/mockidp"
    chmod +x "${0%/*}/mockidp" ;;
esac
"""
TOOLS = ["bash", "sh", "basename", "dirname", "cat", "cmp", "cp", "mkdir", "rm", "chmod", "flock"]


@pytest.fixture
def checkout(tmp_path):
    """Return a checkout of the scripts alone, and the way to run scripts/serve in it."""
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


def test_it_prepares_and_serves_the_example_with_the_options_given(checkout):
    done = checkout.serve("--listen", "127.0.0.1:0")
    assert done.returncode == 0
    assert done.stdout == "mockidp serve --example acme --listen 127.0.0.1:0\n"
    assert "-m pip install --quiet --disable-pip-version-check --editable ." in checkout.calls()


def test_it_tells_how_another_terminal_gets_the_command(checkout):
    last = checkout.serve().stderr.splitlines()[-1]
    activate = f"{checkout.root}/.venv/bin/activate".replace(" ", "\\ ")
    assert last == f"scripts/serve: for the command mockidp in another terminal: . {activate}"


def test_the_second_start_asks_pip_for_nothing(checkout):
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


def test_a_first_run_that_was_cut_short_is_not_trusted(checkout):
    assert checkout.serve(CUT_SHORT="1").returncode != 0
    done = checkout.serve()
    assert done.returncode == 0
    assert "-m venv" in checkout.calls()


def test_a_later_run_that_was_cut_short_is_not_trusted(checkout):
    checkout.serve()
    (checkout.root / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert checkout.serve(CUT_SHORT="1").returncode != 0
    assert checkout.serve().returncode == 0
    assert "-m venv" in checkout.calls()


def test_a_venv_whose_python_is_gone_is_made_anew(checkout):
    checkout.serve()
    (checkout.root / ".venv/bin/python").unlink()
    assert checkout.serve().returncode == 0
    assert "-m venv" in checkout.calls()


def test_without_ensurepip_one_line_names_the_package(checkout):
    done = checkout.serve(NO_ENSUREPIP="1")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.endswith("has no ensurepip, which .venv needs: apt install python3.11-venv")
    assert not (checkout.root / ".venv").exists()


def test_a_python_that_can_make_a_venv_is_preferred_to_one_that_cannot(checkout):
    able = checkout.python.with_name("python3.12")
    checkout.python.rename(able)
    checkout.python.write_text('#!/bin/sh\nNO_ENSUREPIP=1 exec "${0%/*}/python3.12" "$@"\n')
    checkout.python.chmod(0o755)
    assert checkout.serve().returncode == 0
    assert "-m venv" in checkout.calls()


@pytest.mark.parametrize("how", ["absent", "too old"])
def test_without_a_python_one_line_says_which_is_needed(checkout, how):
    if how == "absent":
        checkout.python.unlink()
    done = checkout.serve(TOO_OLD="1")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "needs Python 3.11 or newer" in line


def test_when_pip_fails_nothing_is_served_and_the_next_run_begins_anew(checkout):
    done = checkout.serve(PIP_FAILS="1")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "pip could not install" in done.stderr.splitlines()[-1]
    assert checkout.serve().returncode == 0
    assert "-m venv" in checkout.calls()


def test_the_scripts_can_be_run():
    for name in ["scripts/serve", "scripts/test", "scripts/check", ".ci/run"]:
        assert os.access(ROOT / name, os.X_OK)
