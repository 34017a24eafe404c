"""Python files are short enough to read at once."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("mockidp", "tests", "docs", "scripts", "benchmarks")


def _inside(path):
    return path.relative_to(ROOT).parts


def test_no_python_file_has_more_than_300_lines():
    # Installed packages are in node_modules, and in folders that begin with a dot.
    files = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    lines = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in files
        if not any(one == "node_modules" or one.startswith(".") for one in _inside(path))
    }
    assert lines
    assert {name: count for name, count in lines.items() if count > 300} == {}
