"""Open the start page of a mock in a browser."""

from __future__ import annotations

import webbrowser

import click

START_PAGE = "/_mockidp/"


def open_start_page(url: str) -> None:
    """Open the start page of the mock at a URL, or print its URL."""
    page = url + START_PAGE
    try:
        is_open = webbrowser.open(page)
    except webbrowser.Error:
        is_open = False
    if not is_open:
        click.echo(f"mockidp: no browser was found. Open the start page yourself: {page}", err=True)
