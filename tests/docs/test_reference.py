"""The pages that are made from the code are what would be made from it now."""

import runpy
from pathlib import Path

import pytest

from mockidp.cli.group import COMMANDS
from mockidp.tenant.overrides import setting_names

REFERENCE = Path(__file__).parents[2] / "docs/reference"
PAGES = runpy.run_path(str(REFERENCE / "generate.py"))["PAGES"]


@pytest.mark.parametrize("page", sorted(PAGES))
def test_the_page_has_not_drifted(page):
    wanted = PAGES[page]()
    assert (REFERENCE / page).read_text() == wanted, "run: python docs/reference/generate.py"


def test_every_setting_and_every_command_is_described():
    settings, commands = PAGES["settings.md"](), PAGES["commands.md"]()
    assert [name for name in setting_names() if f"\n## {name}\n" not in settings] == []
    assert [name for name in COMMANDS if f"\n## mockidp {name}\n" not in commands] == []


def test_examples_in_the_help_keep_their_lines():
    assert "\n    mockidp serve --example acme\n" in PAGES["commands.md"]()
    assert "\\b" not in PAGES["commands.md"]()
