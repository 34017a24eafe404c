"""Checks of the options of `mockidp serve` that contradict or need each other."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click
from click.core import ParameterSource

from mockidp.cli.serving.environment import PREFIX, variable_of
from mockidp.errors import MockIdPError

OPPOSITES = (("file", "example", "tenant"), ("tls_listen", "no_tls"))


def drop_overridden(context: click.Context, options: dict[str, object]) -> None:
    """Drop values of the environment that the command line contradicts.

    Raises:
        UsageError: The command line both enables and disables https.
    """
    for names in OPPOSITES:
        sources = {name: context.get_parameter_source(name) for name in names if options[name]}
        if ParameterSource.COMMANDLINE in sources.values():
            for name, source in sources.items():
                if source is ParameterSource.ENVIRONMENT:
                    options[name] = None
    if options["tls_listen"] and options["no_tls"]:
        if context.get_parameter_source("no_tls") is ParameterSource.COMMANDLINE:
            raise click.UsageError(
                "--no-tls and --tls-listen cannot be combined. Give one of them."
            )
        options["no_tls"] = False  # the image sets MOCKIDP_NO_TLS; MOCKIDP_TLS_LISTEN overrides it


def check_one_tenant(context: click.Context, options: dict[str, object]) -> None:
    """Refuse two tenants.

    Raises:
        UsageError: The command line names at least one of them.
        MockIdPError: Variables name both.
    """
    sources = [source_of(context, name) for name in OPPOSITES[0] if options[name]]
    if len(sources) > 1:
        raise _mistake(sources, "name two tenants. Give one of them.")


def check_store(context: click.Context, options: dict[str, object]) -> None:
    """Refuse two places for the state, as above."""
    if options["store"] and options["persist"]:
        sources = [source_of(context, "store"), source_of(context, "persist")]
        raise _mistake(sources, "name two places for the state. Give one of them.")


def check_workers(context: click.Context, options: dict[str, object]) -> None:
    """Refuse workers without a state that they share, and where they cannot be started.

    Raises:
        UsageError: The command line has the option.
        MockIdPError: A variable has it.
    """
    if options["workers"] == 1:
        return
    source = source_of(context, "workers")
    if not options["store"]:
        raise _mistake(
            [source],
            "needs --store, because worker processes share the state of the tenant on a Redis or "
            "Valkey server. Start one, and add --store redis://localhost:6379",
        )
    if not hasattr(os, "fork"):
        raise _mistake(
            [source],
            "needs a system on which processes can fork, and this one cannot. Serve without it, or "
            "start several mocks on different ports with the same --store",
        )


def _mistake(sources: Sequence[str], what: str) -> Exception:
    """Return the error for options or variables that contradict each other."""
    mistake = f"{' and '.join(sources)} {what}"
    is_usage = not all(one.startswith(PREFIX) for one in sources)
    return click.UsageError(mistake) if is_usage else MockIdPError(mistake)


def source_of(context: click.Context, name: str) -> str:
    """Return the option or variable that a value comes from."""
    if context.get_parameter_source(name) is ParameterSource.ENVIRONMENT:
        return variable_of(context.command, name)
    return {"file": "FILE"}.get(name, f"--{name.replace('_', '-')}")
