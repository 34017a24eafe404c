"""Read and run the examples of a page: files, and console sessions.

A block of code whose first line is a comment with a file name is that file. In a console session, a
command is `$ command`, continued by lines with four spaces, followed by its output. `...` in the
output matches anything in its line, or any lines if it is the whole line.
"""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
_ANY_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_FILE_NAME = re.compile(r"(?:#|//|<!--) ([\w./-]+)(?: -->)?\n")
_COPIED = re.compile(r"\]\(\.\./\.\./examples/(mock\.sh|mockidp\.mjs)\)")
_EXAMPLES = Path(__file__).parents[2] / "examples"
_NAMES_THE_MOCK = re.compile(r"^mockidp: using the mock at .*\n", re.MULTILINE)
"""A line that is printed because the mock of a test is not on the default port."""
_MARK = "--8<-- the end of a command --8<--"
_KILL_JOBS = "kill $(jobs -p) 2> /dev/null"


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """A command and its expected output."""

    command: str
    output: str

    def is_shown_by(self, printed):
        """Return whether the actual output matches."""
        pattern = "".join(
            r"(?:.*\n)*?" if line == "..." else ".*".join(map(re.escape, line.split("..."))) + r"\n"
            for line in self.output.splitlines()
        )
        return re.fullmatch(pattern, printed) is not None


def read_files(text):
    """Return the files that a Markdown page shows, by name."""
    blocks = [block for language, block in _ANY_BLOCK.findall(text) if language != "console"]
    return {named[1]: block for block in blocks if (named := _FILE_NAME.match(block))}


def copied_files(text):
    """Return the files from `examples` that a Markdown page links to for copying, by name."""
    return {name: (_EXAMPLES / name).read_text() for name in _COPIED.findall(text)}


def read_examples(text):
    """Return the examples of a Markdown page, in order."""
    examples = []
    for block in _BLOCK.findall(text):
        for piece in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            first, *rest = piece.splitlines()
            continued = 0
            while continued < len(rest) and rest[continued].startswith("    "):
                continued += 1
            command = "\n".join([first, *rest[:continued]])
            output = "".join(f"{line}\n" for line in rest[continued:])
            examples.append(Example(command=command, output=output))
    return examples


def run_examples(examples, *, cwd, env, ports):
    """Run all examples in one shell, which keeps variables. Return the output of each.

    `ports` maps the ports of the page to the real ports. The output has the page's ports.
    """
    script = "".join(f"{example.command}\necho '{_MARK}'\n" for example in examples)
    script = f"trap '{_KILL_JOBS}' EXIT\n{script}"  # a running job would keep the pipe open
    for shown, real in ports.items():
        script = script.replace(f"localhost:{shown}", f"localhost:{real}")
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=400,
    )
    printed = _NAMES_THE_MOCK.sub("", done.stdout.replace("\r", ""))
    for shown, real in ports.items():
        printed = printed.replace(f"localhost:{real}", f"localhost:{shown}")
    outputs = printed.split(f"{_MARK}\n")[:-1]
    return [f"{one}\n" if one and not one.endswith("\n") else one for one in outputs]
