"""The command `mockidp`: find the subcommand, and print an error as one line.

Exit status: 0 accepted, 1 refused or invalid, 2 usage, 3 server unreachable.
"""

from __future__ import annotations

import shlex
import sys
from importlib import import_module
from io import TextIOWrapper

import click

from mockidp.cli.options import RULE
from mockidp.errors import DOCS_URL, MockIdPError, Unreachable

COMMANDS = (
    "serve", "check", "env", "health", "wait", "doctor", "token", "link", "explain", "push",
    "reset", "fault", "clock", "journal", "export", "import", "demo",
)  # fmt: skip


class Commands(click.Group):
    """A group whose commands are modules of the same name, imported on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all commands, the ones that new users need first."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Return a command."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"mockidp.cli.{cmd_name.replace('import', 'import_')}")
        command: click.Command = getattr(module, module.__name__.rpartition(".")[2])
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the options before the command. An error says where options belong."""
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            command = next((one for one in given if one in COMMANDS), None)
            if command is None:
                raise
            rest = [one for one in given if one != command]
            raise click.UsageError(
                f"No such option: {error.option_name}. Options go after the command: "
                f"{shlex.join(['mockidp', command, *rest])}",
                ctx,
            ) from None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return a command. An error suggests one with a similar name."""
        if self.get_command(ctx, args[0]) is None and not ctx.resilient_parsing:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            suggestion = f" Did you mean {near[0]!r}?" if near else ""
            raise click.UsageError(f"No such command {args[0]!r}.{suggestion}", ctx)
        return super().resolve_command(ctx, args)


def _print_version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click's signature
    if wanted:
        from importlib import metadata

        click.echo(f"mockidp {metadata.version('mockidp-server')}")
        ctx.exit()


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"{RULE}\n\nDocumentation: {DOCS_URL}/README.md",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and exit.",
)
def mockidp() -> None:
    """Run a local identity provider that behaves like an Auth0 tenant and explains every refusal.

    \b
    Examples:
      mockidp serve --example acme
      mockidp token --audience https://api.acme.example/ --user alice
      mockidp link alice --state hello
      mockidp explain 'http://localhost:9400/users/...&bewit=...'
      mockidp demo

    Not affiliated with Auth0 or Okta.
    """


def run() -> None:
    """Run the command line and exit with its status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # names that a terminal cannot show
    try:
        mockidp.main(prog_name="mockidp")
    except Unreachable as error:
        _fail(error, 3)
    except MockIdPError as error:
        _fail(error, 1)


def _fail(error: MockIdPError, status: int) -> None:
    click.echo(error.report, err=True)
    sys.exit(status)
