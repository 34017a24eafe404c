"""Open the console of a mock in a browser."""

from __future__ import annotations

import webbrowser

import click

CONSOLE = "/_mockidp/"


def open_console(url: str) -> None:
    """Open the console of the mock at a URL, or print its URL."""
    page = url + CONSOLE
    try:
        is_open = webbrowser.open(page)
    except webbrowser.Error:
        is_open = False
    if not is_open:
        click.echo(f"mockidp: no browser was found. Open the console yourself: {page}", err=True)
