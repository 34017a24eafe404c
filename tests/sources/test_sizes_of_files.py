"""Files of code are short enough to read at once."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = (".ci", "benchmarks", "docs", "examples", "mockidp", "scripts", "tests")
ENDINGS = {"", ".cjs", ".css", ".html", ".js", ".jsx", ".mjs", ".py", ".sh"}
"""Those of code. Scripts for the shell have none."""


def is_own(path):
    """Return whether a file is not that of an installed package."""
    parts = path.relative_to(ROOT).parts[1:]
    return not any(one == "node_modules" or one.startswith(".") for one in parts)


def test_no_file_has_more_than_300_lines():
    lines = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.suffix in ENDINGS and is_own(path) and path.is_file()
    }
    assert {"scripts/check", "mockidp/__init__.py", "mockidp/web/static/console.css"} <= set(lines)
    assert {name: count for name, count in lines.items() if count > 300} == {}
