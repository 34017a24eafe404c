"""The runner of the pages' examples, which must be able to fail."""

import os

import pytest

from helpers.console import Example, read_examples, run_examples

PAGE = """
```console
$ greeting='hello
    you'
$ echo "$greeting"
hello
    you
$ echo localhost:1 \\
    again
localhost:1 again
```
"""


def test_a_page_is_parsed_into_commands_and_outputs():
    first, second, third = read_examples(PAGE)
    assert first == Example(command="greeting='hello\n    you'", output="")
    assert second.command == 'echo "$greeting"'
    assert second.output == "hello\n    you\n"
    assert third.output == "localhost:1 again\n"


def test_the_commands_run_in_one_shell_with_replaced_ports(tmp_path):
    examples = read_examples(PAGE)
    printed = run_examples(examples, cwd=tmp_path, env=dict(os.environ), ports={1: 2})
    assert printed == ["", "hello\n    you\n", "localhost:1 again\n"]


@pytest.mark.parametrize(
    ("output", "printed", "matches"),
    [
        ("a\n", "a\n", True),
        ("a\n", "b\n", False),
        ("a\n", "a\nb\n", False),
        ("", "a\n", False),
        ("a ... z\n", "a b c z\n", True),
        ("a ... z\n", "a\nz\n", False),
        ("a\n...\n", "a\nb\nc\n", True),
        ("...\nz\n", "z\n", True),
        ("...\nz\n", "y\n", False),
        ("a.c\n", "abc\n", False),
    ],
)
def test_only_three_dots_match_any_text(output, printed, matches):
    assert Example(command="", output=output).is_shown_by(printed) == matches
