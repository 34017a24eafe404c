"""The commands of docs/how-to/cypress.md, run in Chromium because Cypress is not always installed.

Each `cy` command is translated to Playwright's, which is strict where Cypress would take the first of
several elements. The app is the one of docs/how-to/playwright.md.
"""

import json
import os
import re
import shutil
import subprocess
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

from mockidp import MockIdP

ROOT = Path(__file__).parents[3]
expect = pytest.importorskip("playwright.sync_api").expect
NODE_MODULES = ROOT / "tests" / "clients" / "node" / "node_modules"
_BLOCK = re.compile(r"^```js\n// (\S+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_TEST = re.compile(r"^it\('([^']+)', \(\) => \{\n(.*?)^\}\);", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(
    r"^Cypress\.Commands\.add\('(\w+)', \(([^)]*)\) => \{\n(.*?)^\}\);", re.DOTALL | re.MULTILINE
)
_CALL = re.compile(r"\.?(\w+)\(((?:'[^']*'|`[^`]*`|[^()'`]|\([^()]*\))*)\)")
_WORD = re.compile(r"'([^']*)'|`([^`]*)`|\b([a-z]\w*)\b(?!:)")
_BLOCKS = ("cy.session(", "cy.origin(")


def read_page(name):
    return dict(_BLOCK.findall((ROOT / "docs" / "how-to" / name).read_text()))


PAGE = read_page("cypress.md")
TESTS = dict(_TEST.findall(PAGE["cypress/e2e/login.cy.js"]))
COMMANDS = {
    name: (parameters.split(", "), body)
    for name, parameters, body in _COMMAND.findall(PAGE["cypress/support/commands.js"])
}


class Cypress:
    """Runs the lines of a test, each of which is one chain of commands."""

    def __init__(self, page, app_url, mockidp_url):
        self.page, self.app_url, self.mockidp_url = page, app_url, mockidp_url
        self.found = None

    def run(self, body, **variables):
        for line in map(str.strip, body.splitlines()):
            if line.startswith("cy.") and not line.startswith(_BLOCKS):
                for name, arguments in _CALL.findall(line.removeprefix("cy").rstrip(";")):
                    self.call(
                        name, [self.value(one, variables) for one in _WORD.findall(arguments)]
                    )
            else:
                assert line.startswith(("const args", "});", "}", *_BLOCKS)) or not line, line

    def value(self, word, variables):
        text, template, name = word
        if name:
            return variables.get(name, name)
        return (template or text).replace("${Cypress.env('MOCKIDP_URL')}", self.mockidp_url)

    def call(self, name, arguments):
        if name in COMMANDS:
            parameters, body = COMMANDS[name]
            self.run(body, **dict(zip(parameters, arguments, strict=True)))
        else:
            getattr(self, name)(*arguments)

    def visit(self, path):
        self.page.goto(self.app_url + path)

    def get(self, selector):
        self.found = self.page.locator(selector)
        expect(self.found).to_have_count(1)

    def contains(self, selector, text):
        self.found = self.page.locator(selector, has_text=text)
        expect(self.found).to_have_count(1)

    def type(self, text, *_options):
        self.found.press_sequentially(text)

    def click(self):
        self.found.click()

    def should(self, chainer, text=None):
        if chainer == "contain.text":
            expect(self.found).to_contain_text(text)
        else:
            assert chainer == "be.visible"
            expect(self.found).to_be_visible()

    def request(self, method, url, user):
        body = json.dumps({"user": user}).encode()
        request = urllib.request.Request(
            url, body, {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.status == 204


@pytest.fixture(scope="module")
def mock():
    """Serve without a tenant file."""
    with MockIdP() as idp:
        yield idp


@pytest.fixture(scope="module")
def app(mock, tmp_path_factory):
    """Run the app of the page about Playwright."""
    node = shutil.which("node")
    if not node or not (NODE_MODULES / "openid-client").is_dir():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs node and its packages")
    folder = tmp_path_factory.mktemp("app")
    (folder / "app.mjs").write_text(read_page("playwright.md")["app.mjs"])
    (folder / "node_modules").symlink_to(NODE_MODULES)
    environment = {"PATH": os.environ["PATH"], "MOCKIDP_URL": mock.url}
    with subprocess.Popen([node, "app.mjs"], cwd=folder, env=environment, stdout=subprocess.PIPE) as process:  # fmt: skip
        try:
            line = process.stdout.readline().decode()
            yield SimpleNamespace(url=line.removeprefix("at ").strip())
        finally:
            process.kill()


@pytest.mark.parametrize("name", TESTS)
def test_a_test_of_the_page_passes(chromium, mock, app, name):
    with chromium.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(10_000)
        Cypress(page, app.url, mock.url).run(TESTS[name])


def test_the_page_has_tests_and_uses_all_its_commands():
    assert len(TESTS) == 5
    assert set(COMMANDS) == {"login", "signInAs"}
    for name in COMMANDS:
        assert f"cy.{name}(" in PAGE["cypress/e2e/login.cy.js"]


def test_the_page_describes_how_it_was_tested():
    text = " ".join((ROOT / "docs" / "how-to" / "cypress.md").read_text().split())
    assert "Cypress is not part of mockidp's test suite." in text
    assert "in Chromium with Playwright" in text
