"""Write the reference pages from what they describe: `python docs/reference/generate.py`.

The tests let it write into a folder of their own and compare, so that no page can drift.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click
from faults_page import faults_page

from mockidp.cli.group import mockidp
from mockidp.tenant.overrides import describe_settings

SHAPE = {"terminal_width": 88, "max_content_width": 88}
NOTE = "<!-- Made by docs/reference/generate.py: change what it describes, not this page. -->"


def settings_page() -> str:
    """Return the page of the settings."""
    lines = [
        "# Settings",
        "",
        NOTE,
        "",
        "A setting stands under `mockidp:` in the tenant file (`impersonation.ttl` is `ttl:` below",
        "`impersonation:`), is `--set NAME=VALUE` on the command line, or an environment variable.",
        "The flag wins over the variable, and the variable over the file. In texts a list is",
        "separated by commas. Why a default is what it is: [fidelity](../fidelity.md). Below",
        "`mockidp:` may stand `faults:`, too, a list of what goes wrong from the start on:",
        "[faults](faults.md).",
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
    return "\n".join(lines) + "\n"


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


def _block(command: click.Command, context: click.Context) -> list[str]:
    return ["```text", *command.get_help(context).splitlines(), "```"]


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parent
    (folder / "settings.md").write_text(settings_page())
    (folder / "commands.md").write_text(commands_page())
    (folder / "faults.md").write_text(faults_page(NOTE))
