"""Write the reference pages from what they describe: `python docs/reference/generate.py`.

The tests let it write into a folder of their own and compare, so that no page can drift.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from claims_section import claims_section
from faults_page import faults_page
from parameters_page import parameters_page
from python_page import python_page
from tenant_file_page import tenant_file_page

from mockidp.cli.group import mockidp
from mockidp.cli.serve import serve
from mockidp.tenant.overrides import describe_settings

SHAPE = {"terminal_width": 88, "max_content_width": 88}
NOTE = "<!-- Made by docs/reference/generate.py: change what it describes, not this page. -->"
_SETTINGS = """\
A setting can be set in three places: under `mockidp:` in the tenant file (`impersonation.ttl` is
`ttl:` below `impersonation:`), as `--set NAME=VALUE` on the command line, and as an environment
variable. The command line wins over the variable, and the variable over the file. Separate the
entries of a list with commas. [Fidelity](../fidelity.md) gives the reason for each default. The
lists [`claims`](#claims) and [`faults`](faults.md) can be set in a file only."""
_ENVIRONMENT = """\
Every option of `mockidp serve` is also a variable, which is convenient for a service container. So
is every [setting](settings.md): `MOCKIDP_IMPERSONATION_TTL` is `impersonation.ttl`. An option wins
over its variable. An empty variable is not set. If a variable has a mistake, `serve` ends with
status 1 and a line that names the variable. An unknown variable that begins with `MOCKIDP_` causes
a warning, apart from those that Docker and Kubernetes set for a service called mockidp
(`MOCKIDP_PORT`, `MOCKIDP_SERVICE_HOST`, ...). No other variables are read."""


def settings_page() -> str:
    """Return the page of the settings."""
    lines = [
        "# Settings",
        "",
        NOTE,
        "",
        *_SETTINGS.splitlines(),
    ]
    for setting in describe_settings():
        default = f"`{setting.default}`" if setting.default else "not set"
        kind = setting.type_name[0].upper() + setting.type_name[1:]
        lines += [
            "",
            f"## {setting.name}",
            "",
            setting.description,
            "",
            f"{kind}; default {default}; `{setting.environment}`.",
        ]
    return "\n".join([*lines, *claims_section()]) + "\n"


def commands_page() -> str:
    """Return the page of the commands."""
    group = mockidp.make_context("mockidp", [], resilient_parsing=True, **SHAPE)
    lines = ["# Commands", "", NOTE, "", *_block(mockidp, group)]
    for name in mockidp.list_commands(group):
        command = mockidp.get_command(group, name)
        if command is not None:
            context = command.make_context(name, [], parent=group, resilient_parsing=True, **SHAPE)
            lines += ["", f"## mockidp {name}", "", *_block(command, context)]
    return "\n".join(lines) + "\n"


def environment_page() -> str:
    """Return the page of the variables."""
    lines = [
        "# Environment",
        "",
        NOTE,
        "",
        *_ENVIRONMENT.splitlines(),
        "",
        *_table(serve_variables()),
    ]
    return "\n".join(lines) + "\n"


def serve_variables() -> Iterator[tuple[str, str]]:
    """Yield the variables that are options of `mockidp serve`, too, with their help."""
    for one in serve.params:
        if isinstance(one, click.Option) and one.envvar:
            yield str(one.envvar), re.sub(r"\s*\[env: .*\]$", "", one.help or "")
        elif one.envvar:
            yield str(one.envvar), "The tenant file's path."


def _table(rows: Iterable[tuple[str, str]]) -> list[str]:
    return ["| variable | what |", "|---|---|", *(f"| `{name}` | {what} |" for name, what in rows)]


def _block(command: click.Command, context: click.Context) -> list[str]:
    return ["```text", *command.get_help(context).splitlines(), "```"]


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parent
    (folder / "settings.md").write_text(settings_page())
    (folder / "commands.md").write_text(commands_page())
    (folder / "environment.md").write_text(environment_page())
    (folder / "faults.md").write_text(faults_page(NOTE))
    (folder / "tenant-file.md").write_text(tenant_file_page(NOTE))
    (folder / "parameters.md").write_text(parameters_page(NOTE))
    (folder / "python.md").write_text(python_page(NOTE))
