"""The environment variables of `mockidp serve`.

An empty variable counts as unset, because CI systems pass on unset variables as empty ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import click
from click.core import ParameterSource

from mockidp.cli.serving.listen_instead import listen_instead
from mockidp.errors import MockIdPError

PREFIX = "MOCKIDP_"
OF_OTHER_COMMANDS = frozenset({"MOCKIDP_URL"})
# For a service called mockidp, Docker links and Kubernetes set MOCKIDP_PORT=tcp://10.0.0.7:9400,
# MOCKIDP_PORT_9400_TCP_ADDR, MOCKIDP_SERVICE_HOST and more. No variable of mockidp may match.
INJECTED = re.compile(
    r"MOCKIDP_(?:.+_)?(?:PORT(?:_[0-9]+_(?:TCP|UDP|SCTP)(?:_.+)?)?|HOST|NAME|ENV_.+|SERVICE_.+)"
)


class ConfiguredCommand(click.Command):
    """A command that names the variable in an error about a value from the environment."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the command line and the environment.

        Raises:
            MockIdPError: A variable has an invalid value.
            UsageError: An option is unknown or has an invalid value.
        """
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            instead = listen_instead(error.option_name, given)
            if instead is None:
                raise
            text = f"No such option: {error.option_name}. Use {instead}"
            raise click.UsageError(text, ctx) from None
        except click.BadParameter as error:
            name = error.param.name if error.param else None
            if name and ctx.get_parameter_source(name) is ParameterSource.ENVIRONMENT:
                raise MockIdPError(f"{variable_of(self, name)}: {error.message}") from None
            raise


def variable_of(command: click.Command, name: str) -> str:
    """Return the environment variable of an option."""
    return next(str(one.envvar) for one in command.params if one.name == name)


def settings_of(command: click.Command, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the settings in variables, by name. Warn about unknown variables."""
    options = {str(one.envvar) for one in command.params} | OF_OTHER_COMMANDS
    left = {
        name: text
        for name, text in environ.items()
        if text and name.startswith(PREFIX) and name not in options and not INJECTED.fullmatch(name)
    }
    if not left:
        return {}  # the import below takes 25 ms
    from mockidp.protocol.errors.nearest import nearest
    from mockidp.tenant.content.overrides import environment_name, setting_names

    names = {environment_name(name): name for name in setting_names()}
    for name in sorted(left.keys() - names.keys()):
        known = [one.removeprefix(PREFIX) for one in (*options, *names)]
        suggestion = nearest(name.removeprefix(PREFIX), known)
        question = f"; did you mean {PREFIX}{suggestion}?" if suggestion else ""
        click.echo(f"mockidp: {name} is not a variable of mockidp{question}", err=True)
    return {name: left[variable] for variable, name in names.items() if variable in left}
