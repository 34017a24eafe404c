"""What the console costs those who do not open it, and the words on its pages."""

import re
import subprocess
import sys
from importlib.resources import files

from mockidp.tenant.texts import ENGLISH, built_in_texts

WEB = files("mockidp.web")
MAX_ASSETS = 40_000
"""Bytes of script and style together."""
IN_A_NEW_PROCESS = """
import sys
from werkzeug.test import Client
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

def loaded():
    names = [name for name in sys.modules if name.startswith("mockidp.web.console.")]
    return [name for name in names if name.rpartition(".")[2] in {"visit", "records", "pages"}]

client = Client(create_app(Tenant()))
for path in ("/.well-known/jwks.json", "/authorize", "/_mockidp/health", "/_mockidp/outbox"):
    client.get(path, base_url="http://localhost")
    print(loaded())
"""
COLORS = re.compile(r"\b(red|green|blue|yellow|orange|amber|purple|gr[ae]y)\b", re.IGNORECASE)


def test_script_and_style_are_small():
    assert (
        sum(len((WEB / "static" / f"console.{one}").read_bytes()) for one in ("js", "css"))
        < MAX_ASSETS
    )


def test_a_page_is_imported_with_the_first_request_for_it():
    command = [sys.executable, "-c", IN_A_NEW_PROCESS]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "[]", "[]", "['mockidp.web.console.visit']"]


def test_no_page_refers_to_something_by_its_color():
    templates = [one for one in walk(WEB / "templates") if one.name.endswith(".html")]
    assert len(templates) > 60
    assert [one.name for one in templates if COLORS.search(words_of(one.read_text()))] == []
    assert COLORS.search(str(built_in_texts(ENGLISH))) is None


def walk(folder):
    for one in folder.iterdir():
        yield from walk(one) if one.is_dir() else [one]


def words_of(template):
    """Return the text of a template, without its tags and expressions."""
    return re.sub(r"<[^>]*>|\{[{%#].*?[}%#]\}", " ", template, flags=re.DOTALL)
