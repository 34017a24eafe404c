"""Files of code are short enough to read at once."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = (".ci", "benchmarks", "docs", "examples", "mockidp", "scripts", "tests")
ENDINGS = {"", ".cjs", ".css", ".html", ".js", ".jsx", ".mjs", ".py", ".sh"}
"""Those of code. Scripts for the shell have none."""


def own_files(folder):
    """Yield the files in a folder, without those of installed packages."""
    for parent, folders, names in os.walk(folder):
        folders[:] = [one for one in folders if one != "node_modules" and one[0] != "."]
        yield from (Path(parent, name) for name in names if name[0] != ".")


def test_no_file_has_more_than_300_lines():
    lines = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for folder in FOLDERS
        for path in own_files(ROOT / folder)
        if path.suffix in ENDINGS
    }
    assert {"scripts/check", "mockidp/__init__.py", "mockidp/web/static/console.css"} <= set(lines)
    assert {name: count for name, count in lines.items() if count > 300} == {}
