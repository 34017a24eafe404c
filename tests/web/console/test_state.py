"""Reset and downloads on the overview."""

import json

import pytest

from helpers.console_browser import ConsoleBrowser
from mockidp.cli.serving.example import example_file
from mockidp.tenant.config.load import load_tenant
from mockidp.tenant.config.plain import structure_tenant
from mockidp.tenant.state.snapshot_data import snapshot_from


@pytest.fixture
def console():
    """The example tenant, which is valid."""
    return ConsoleBrowser(load_tenant(example_file("acme")))


def download(console, name):
    answer = console.get(f"/_mockidp/download/{name}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    return json.loads(answer.text)


def test_a_reset_restores_the_initial_state(console):
    before = console.tenant.snapshot()
    console.tenant.rotate_keys()
    console.tenant.clock.advance(60)
    console.open("/")
    console.follow_change("/reset")
    assert console.text("areas") != []
    assert console.tenant.keys.current.kid == before.keys[0].kid


def test_a_snapshot_is_downloaded_that_can_be_restored(console):
    before = console.tenant.snapshot()
    downloaded = snapshot_from(download(console, "snapshot"))
    console.tenant.rotate_keys()
    console.tenant.restore(downloaded)
    assert console.tenant.snapshot().keys[0].kid == before.keys[0].kid
    assert console.tenant.document == before.document


def test_the_tenant_file_is_downloaded(console):
    content = download(console, "tenant")
    assert content["tenant"]["friendly_name"] == "Acme"
    assert structure_tenant(content) == console.tenant.document
