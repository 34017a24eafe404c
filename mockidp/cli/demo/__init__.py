"""`mockidp demo`: show over HTTP how impersonation links work and fail.

Its steps include a link with `&next=` appended, a link with an empty state, a token that no API
accepts, and a Management API v2 token. Each response is printed with the reason for it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

import click

from mockidp.cli.options import parse_pairs


@click.command()
@click.option(
    "--set",
    "settings",
    metavar="NAME=VALUE",
    multiple=True,
    callback=parse_pairs,
    help="Change a setting, to see which steps it affects.",
)
def demo(settings: Mapping[str, str]) -> None:
    """Show how an impersonation link works and fails.

    Runs over HTTP on free ports, and prints the response of each step and the reason for every
    refusal. The exit status is 0 if every step behaved as Auth0 does.

    \b
    Examples:
      mockidp demo
      mockidp demo --set impersonation.require_state=false
    """
    from mockidp.cli.demo.environment import start_environment
    from mockidp.cli.demo.scenario import run_scenario

    with start_environment(settings) as environment:
        unexpected = run_scenario(environment)
    if unexpected:
        click.echo("\n".join(["\nThese steps did not behave as Auth0 does:", *unexpected]))
        sys.exit(1)
    click.echo("\nEvery step behaved as Auth0 does.")
