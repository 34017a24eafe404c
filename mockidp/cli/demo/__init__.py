"""`mockidp demo`: show over HTTP how impersonation links work and fail.

A link with `&next=` appended, an empty state, a token that no API accepts, a v2 token: the demo
prints each response with the reason for it.
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
    help="Change a setting, and see which steps change.",
)
def demo(settings: Mapping[str, str]) -> None:
    """Show how an impersonation link works and fails.

    Runs over HTTP on free ports, and prints the answer of each step with the reason for every
    refusal. The exit status is 0 if every step behaved as Auth0 does.

    \b
    Examples:
      mockidp demo
      mockidp demo --set impersonation.require_state=false
    """
    from mockidp.cli.demo.environment import stage
    from mockidp.cli.demo.scenario import tell

    with stage(settings) as set_up:
        surprises = tell(set_up)
    if surprises:
        click.echo("\n".join(["\nThese did not behave as Auth0 does:", *surprises]))
        sys.exit(1)
    click.echo("\nEvery step behaved as Auth0 does.")
