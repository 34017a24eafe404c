"""`mockidp doctor`: check the URL of a running mock from an app's point of view."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from mockidp.cli.calls.server_call import server, server_options

if TYPE_CHECKING:
    from mockidp.cli.calls.diagnosis import Finding


@click.command()
@server_options
@click.pass_context
def doctor(context: click.Context, url: str, *, as_json: bool) -> None:
    """Find out why an app does not work with a running mock.

    Run it where the app runs, with the --url that the app uses. It reads discovery as the app does,
    checks issuer, endpoints, certificate and clock, and says how to fix each problem. The exit
    status is 1 if there is a problem.

    \b
    Examples:
      mockidp doctor
      mockidp doctor --url http://mockidp:9400
      mockidp doctor --url https://localhost:9443 --json
    """
    from mockidp.cli.calls.diagnosis import diagnose

    findings = list(diagnose(server(url).url))
    is_ok = all(finding.ok for finding in findings)
    if as_json:
        found = [asdict(finding) for finding in findings]
        click.echo(json.dumps({"url": url, "ok": is_ok, "findings": found}, indent=2))
    else:
        click.echo("\n".join(_lines(findings)))
    context.exit(0 if is_ok else 1)


def _lines(findings: Iterable[Finding]) -> Iterable[str]:
    for finding in findings:
        mark = click.style("ok", fg="green") if finding.ok else click.style("NO", fg="red")
        yield f"{mark}  {finding.check:<9} {finding.message}"
        if finding.remedy:
            yield f"    {'':<9} -> {finding.remedy}"
