"""The generated reference pages are up to date."""

import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.console import read_files
from mockidp.cli.group import COMMANDS
from mockidp.cli.serve import serve
from mockidp.codec.shape import shape_of
from mockidp.faults.refusals import REFUSALS
from mockidp.faults.vocabulary import PLACES
from mockidp.faults.words import WORDS
from mockidp.protocol import request_parameters
from mockidp.protocol.request_parameters.table import ParameterTable
from mockidp.resources.client import Client
from mockidp.resources.connection import Connection
from mockidp.tenant.content.document import TenantDocument
from mockidp.tenant.content.overrides import environment_name, setting_names
from mockidp.tenant.content.tenant_settings import TenantFlags
from mockidp.tenant.source import load_document
from mockidp.web import endpoints, hosted

REFERENCE = Path(__file__).parents[2] / "docs/reference"


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """Generate the pages in a separate process, and return their folder.

    click caches how a command was first called, and other tests call commands differently.
    """
    folder = tmp_path_factory.mktemp("reference")
    command = [sys.executable, str(REFERENCE / "generate.py"), str(folder)]
    subprocess.run(command, check=True, cwd=folder)
    return folder


@pytest.mark.parametrize(
    "page",
    [
        "commands.md",
        "endpoints.md",
        "environment.md",
        "faults.md",
        "oidf.md",
        "management.md",
        "python.md",
        "settings.md",
        "tenant-file.md",
        "texts.md",
    ],
)
def test_the_page_is_up_to_date(generated, page):
    expected = (generated / page).read_text()
    assert (REFERENCE / page).read_text() == expected, "run: python docs/reference/generate.py"


def test_every_setting_and_every_command_is_described(generated):
    settings, commands = ((generated / page).read_text() for page in ("settings.md", "commands.md"))
    assert [name for name in setting_names() if f"\n## {name}\n" not in settings] == []
    assert [name for name in COMMANDS if f"\n## mockidp {name}\n" not in commands] == []


def test_every_variable_is_described(generated):
    page, settings = ((generated / name).read_text() for name in ("environment.md", "settings.md"))
    options = [str(one.envvar) for one in serve.params if one.envvar]
    assert [name for name in options if f"\n| `{name}` | " not in page] == []
    variables = [environment_name(name) for name in setting_names()]
    assert [name for name in variables if f"; `{name}`.\n" not in settings] == []


def test_every_place_and_word_of_a_fault_is_described(generated):
    page = (generated / "faults.md").read_text()
    assert [place for place in PLACES if f"\n| `{place}` | " not in page] == []
    assert [name for name in WORDS if f"\n### {name}\n" not in page] == []
    assert [name for name in REFUSALS if f"\n| `{name}` | " not in page] == []
    assert page.count("- Finds: ") == len(WORDS)


def test_every_key_of_a_tenant_file_has_exactly_one_row(generated):
    page = (generated / "tenant-file.md").read_text()
    sections = {one.partition("\n")[0]: one for one in page.split("\n## ")[1:]}
    for heading, cls in (
        ("`clients[]`", Client),
        ("`databases[]`, `connections[]`", Connection),
        ("`tenant.flags`", TenantFlags),
        ("The file", TenantDocument),
    ):
        shape = shape_of(cls)
        rows = re.findall(r"^\| `([\w.]+)` \|", sections[heading], re.MULTILINE)
        rows += re.findall(r"`(\w+)`", sections[heading].partition("**No effect**")[2])
        assert len(rows) == len(set(rows))
        assert {row.partition(".")[0] for row in rows} == shape.fields.keys() | shape.kept
    assert "\n| `sso_disabled` | Auth0 shows the login page although " in page
    assert "*In part*: Auth0 logs the user in through each" in page
    assert "\n| `email_verified` | true or false | `false` | The claim " in page
    assert "\n| `client_id` | string | required | Its id" in page


def test_every_supported_key_has_a_type_and_a_description(generated):
    rows = [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in (generated / "tenant-file.md").read_text().splitlines()
        if line.startswith("| `")
    ]
    supported = [row for row in rows if len(row) == 4]
    assert len(supported) > 100
    assert [row for row in supported if not row[1] or not row[3]] == []


def test_the_small_tenant_file_is_valid(generated, tmp_path):
    files = read_files((generated / "tenant-file.md").read_text())
    (tmp_path / "tenant.yaml").write_text(files["tenant.yaml"])
    document = load_document(tmp_path / "tenant.yaml")
    assert [client.client_id for client in document.clients] == ["shop"]
    assert document.differs == ()


def test_examples_in_the_help_keep_their_line_breaks(generated):
    text = (generated / "commands.md").read_text()
    assert "\n    mockidp serve --example acme\n" in text
    assert "\\b" not in text


def _tables():
    for module in pkgutil.iter_modules(request_parameters.__path__):
        loaded = importlib.import_module(f"{request_parameters.__name__}.{module.name}")
        for name, value in vars(loaded).items():
            if isinstance(value, ParameterTable):
                yield name, value


def test_every_table_of_parameters_is_that_of_a_route():
    of_routes = [route.parameters for route in (*endpoints.routes(), *hosted.routes())]
    missing = [name for name, table in _tables() if table not in of_routes]
    assert missing == [], "add `parameters=` to the Route of each endpoint"
