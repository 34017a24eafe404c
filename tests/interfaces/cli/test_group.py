"""What all commands share: help, version, errors and exit status."""

import ast
import json
import os
import re
import signal
import subprocess
import sys
import tomllib
from importlib import metadata
from itertools import pairwise
from pathlib import Path

import pytest

import mockidp as mockidp_package
from mockidp.cli.group import COMMANDS
from mockidp.errors import DOCS_URL


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples(mockidp, command):
    done = mockidp(command, "--help")
    assert done.status == 0
    lines = done.out.splitlines()
    assert lines[0].startswith(f"Usage: mockidp {command} ")
    examples = lines[lines.index("  Examples:") + 1 :]
    assert f"mockidp {command}" in examples[0]
    assert examples[0].startswith("    ")


def test_the_help_lists_every_command_with_a_whole_sentence(mockidp):
    done = mockidp("--help")
    listed = done.out.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    assert [line.split()[0] for line in listed] == list(COMMANDS)
    assert not [line for line in listed if not line.endswith(".") or line.endswith("...")]
    assert "    mockidp serve --example acme" in done.out.splitlines()


def test_without_a_command_the_help_is_printed(mockidp):
    done = mockidp()
    assert done.status == 2
    assert "Commands:" in done.err


def test_the_version_is_that_of_the_distribution(mockidp):
    done = mockidp("--version")
    assert done.out == f"mockidp {metadata.version('mockidp-server')}\n"
    assert done.status == 0


@pytest.mark.parametrize(
    ("arguments", "corrected"),
    [
        (["--url", "http://localhost:1", "token", "-u", "alice"],
         "--url: mockidp token --url http://localhost:1 -u alice"),
        (["--json", "health"], "--json: mockidp health --json"),
        (["--claim", "a=b c", "token"], "--claim: mockidp token --claim 'a=b c'"),
    ],
)  # fmt: skip
def test_an_option_before_its_command_is_refused_with_the_right_order(
    mockidp, arguments, corrected
):
    option, _, command = corrected.partition(": ")
    done = mockidp(*arguments)
    assert (done.status, done.out) == (2, "")
    assert done.err.splitlines()[-1] == (
        f"Error: No such option: {option}. Options go after the command: {command}"
    )


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("srve", "No such command 'srve'. Did you mean 'serve'?"),
        ("xyzzy", "No such command 'xyzzy'."),
        ("--bogus", "No such option"),
    ],
)
def test_an_unknown_command_is_a_usage_error(mockidp, typed, message):
    done = mockidp(typed)
    assert done.status == 2
    assert message in done.err.splitlines()[-1]


@pytest.mark.parametrize(
    ("typed", "completed"),
    [("mockidp se", "serve"), ("mockidp srve", ""), ("mockidp dem", "demo")],
)
def test_a_shell_completes_commands(process, typed, completed):
    environment = {
        **os.environ,
        "_MOCKIDP_COMPLETE": "bash_complete",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(typed.count(" ")),
    }
    done = process(env=environment)
    assert done.stderr == ""
    assert done.stdout.removeprefix("plain,").strip() == completed


def test_the_package_runs_as_a_module(process):
    done = process("health", "-h")
    assert done.stdout.startswith("Usage: mockidp health ")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_command_and_the_module_are_the_same():
    (entry,) = metadata.entry_points(group="console_scripts", name="mockidp")
    from mockidp.__main__ import main

    assert entry.load() is main


def test_the_first_process_of_a_container_can_be_stopped_before_it_serves(monkeypatch):
    from mockidp.__main__ import main

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(os, "getpid", lambda: 1)
    monkeypatch.setattr("mockidp.cli.group.run", lambda: signal.raise_signal(signal.SIGTERM))
    try:
        with pytest.raises(SystemExit) as ended:
            main()
    finally:
        signal.signal(signal.SIGTERM, before)
    assert ended.value.code == 143


def test_health_and_help_import_no_slow_modules(url):
    program = (
        "import json, sys\n"
        "from mockidp.__main__ import main\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as ended:\n"
        "    print(json.dumps([ended.code, sorted(sys.modules)]))\n"
    )
    for arguments in (["health", "--url", url], ["--help"]):
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True
        )
        status, modules = json.loads(done.stdout.splitlines()[-1])
        assert status == 0
        assert {"flask", "werkzeug", "jwt", "cryptography", "yaml"}.isdisjoint(modules)
        assert "click" in modules


def test_a_closed_pipe_ends_the_command_quietly():
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "mockidp", "demo"],
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            timeout=30,
            check=False,
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")


def test_a_name_that_the_terminal_cannot_show_is_escaped(process, folder):
    (folder / "tenant.yaml").write_text(
        "clients:\n- {client_id: '\u65e5\u672c'}\n", encoding="utf-8"
    )
    done = process("check", "tenant.yaml", env={**os.environ, "PYTHONIOENCODING": "latin-1"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\u65e5\\u672c" in done.stdout


def test_output_that_is_not_a_file_is_not_reconfigured(monkeypatch, mockidp):
    class Output:
        def __init__(self):
            self.text = ""

        def write(self, text):
            self.text += text

        def flush(self):
            pass

    output = Output()
    monkeypatch.setattr(sys, "stdout", output)
    assert mockidp("--version").status == 0
    assert output.text.startswith("mockidp ")


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_the_help_refers_to_documentation_by_url(mockidp, command):
    shown = mockidp(*filter(None, [command]), "--help").out
    named = re.findall(r"\S*docs/\S+|\S+\.md\b", shown)
    assert [one for one in named if not one.startswith(f"{DOCS_URL}/")] == []


def test_the_help_names_the_documentation(mockidp):
    urls = re.findall(r"https?://\S+\.md", mockidp("--help").out)
    assert urls == [f"{DOCS_URL}/README.md"]


def test_messages_refer_to_documentation_by_url():
    found = [
        f"{path.name}: {line.strip()}"
        for path in sorted(Path(mockidp_package.__file__).parent.rglob("*.py"))
        if refers_to_documentation(text := path.read_text())
        for line in strings_of(text)
        if refers_to_documentation(line)
    ]
    assert found == []


def refers_to_documentation(text):
    return re.search(r"(?<!auth0\.com/)\bdocs/", text.replace(DOCS_URL, ""))


def strings_of(module):
    """Return the strings of a module, without docstrings and parts of URLs below DOCS_URL."""
    nodes = [*ast.walk(ast.parse(module))]
    in_url = {
        id(after)
        for each in nodes
        if isinstance(each, ast.JoinedStr)
        for before, after in pairwise(each.values)
        if isinstance(before, ast.FormattedValue) and ast.unparse(before.value) == "DOCS_URL"
    }
    documented = {
        id(one.value)
        for each in nodes
        if isinstance(each, ast.Module | ast.ClassDef | ast.FunctionDef)
        for one in each.body
        if isinstance(one, ast.Expr)
    }
    return [
        each.value
        for each in nodes
        if isinstance(each, ast.Constant)
        and isinstance(each.value, str)
        and id(each) not in documented | in_url
    ]


def test_the_project_metadata_has_the_same_documentation_url():
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
    assert project["urls"]["Documentation"] == f"{DOCS_URL}/README.md"
