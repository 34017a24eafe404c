"""The how-to pages: write their files, run their commands, and compare the output."""

import re
import shutil
from pathlib import Path

import pytest

from helpers.console import copied_files, read_examples, read_files, run_examples
from helpers.plugins import block_plugins

ROOT = Path(__file__).parents[2]
# Other tests run these pages.
TESTED_ELSEWHERE = {
    "any-language",
    "container",
    "expired-token",
    "express",
    "flask",
    "cypress",
    "github-actions",
    "gitlab-ci",
    "impersonation",
    "install",
    "compose",
    "native",
    "nextjs",
    "react",
    "trust-the-ca",
    "vue",
}
PAGES = [
    path
    for path in sorted((ROOT / "docs" / "how-to").glob("*.md"))
    if path.stem not in TESTED_ELSEWHERE
]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)

LANGUAGES = {"python", "yaml", "toml", "ini", "bash", "js", "html"}
NODE_MODULES = ROOT / "tests" / "clients" / "node" / "node_modules"
PACKAGES = [
    "@auth0/auth0-spa-js",
    "auth0-deploy-cli",
    "@playwright/test",
    "openid-client",
    "vitest",
]
TOOLS = {
    "curl": "curl",
    "npx": "npm",
    "chromium": "chromium",
    "redis-server": "redis-server",
}  # tool: apt package


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_commands_of_a_page_print_what_it_shows(path, environment, skip_or_fail, tmp_path):
    page = path.read_text()
    for tool, package in TOOLS.items():
        if tool in page and shutil.which(tool) is None:
            skip_or_fail(f"{tool} is missing: apt install {package}")
    if "npx" in page:
        if not all((NODE_MODULES / package).is_dir() for package in PACKAGES):
            skip_or_fail("needs Node's packages: npm ci --prefix tests/clients/node")
        (tmp_path / "node_modules").symlink_to(NODE_MODULES)
    for name, text in (read_files(page) | copied_files(page)).items():
        (tmp_path / name).write_text(text)
    if "xdist" in page:
        environment["PYTEST_ADDOPTS"] = " ".join(["-q", *block_plugins("xdist")])
    examples = read_examples(page)
    assert examples, "the page has no command"
    printed = run_examples(examples, cwd=tmp_path, env=environment, ports={})
    assert len(printed) == len(examples)
    for example, shown in zip(examples, printed, strict=True):
        assert example.is_shown_by(shown), f"$ {example.command}\n{shown}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_block_of_a_page_is_tested(path):
    page = path.read_text()
    files = read_files(page)
    blocks = [(language, text) for language, text in _BLOCK.findall(page) if language != "console"]
    assert [text for language, text in blocks if text not in files.values()] == []
    assert {language for language, _ in blocks} <= LANGUAGES


def test_every_part_of_the_test_kit_has_a_page():
    parts = {"pytest", "plain-python", "intercept", "faults", "clock", "journal", "determinism"}
    parts |= {"exports", "curl", "vitest", "playwright", "parallel", "issuer", "spa"}
    assert {path.stem for path in PAGES} >= parts


def test_no_file_is_shown_on_two_pages():
    shown = {}
    for path in sorted((ROOT / "docs").rglob("*.md")):
        for text in read_files(path.read_text()).values():
            if len(text.splitlines()) > 8:
                shown.setdefault(text, []).append(path.name)
    assert [pages for pages in shown.values() if len(pages) > 1] == []


@pytest.mark.parametrize("name", ["mock.sh", "mockidp.mjs"])
def test_a_file_to_copy_is_used_by_two_pages(name):
    assert sum(name in copied_files(path.read_text()) for path in PAGES) >= 2
