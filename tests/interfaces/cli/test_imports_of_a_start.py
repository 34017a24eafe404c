"""What a start imports. Counts, because times depend on the machine."""

import ast
import json
import sys
from pathlib import Path

import pytest

import mockidp as mockidp_package

PROGRAM = """
import json, sys
before = set(sys.modules)  # of a measurement of coverage
from mockidp.__main__ import main
try:
    main()
finally:
    print(json.dumps(sorted(set(sys.modules) - before)))
"""
RARE = {
    "argparse", "asyncio", "cbor2", "concurrent.futures", "cryptography.x509", "difflib",
    "encodings.idna", "httpx", "importlib.metadata", "importlib.resources", "jinja2", "jwt", "luqum", "multiprocessing", "prometheus_client",
    "pydoc", "pyotp", "redis", "requests", "segno", "sqlite3", "unittest", "xml", "zipfile",
    "mockidp.idp", "mockidp.management", "mockidp.scim", "mockidp.testing", "mockidp.web.console",
}  # fmt: skip
"""Modules that are imported when a request, a command or an error first needs them."""


@pytest.mark.parametrize(
    ("arguments", "most", "more_rare"),
    [
        (("--no-tls",), 245, {"yaml", "mockidp.tenant.config", "mockidp.tls"}),
        (("--example", "acme"), 283, set()),
    ],
    ids=["without a tenant file", "https and a tenant file"],
)
def test_a_start_imports_only_what_its_first_request_needs(
    serve, fetch, tmp_path, *, arguments, most, more_rare
):
    command = [sys.executable, "-c", PROGRAM]
    with serve(*arguments, "--data-dir", tmp_path, command=command) as server:
        fetch(f"{server.url}/.well-known/openid-configuration")
    modules = set(json.loads(server.out.splitlines()[-1]))
    assert (RARE | more_rare) & modules == set()
    own = {name for name in modules if name.partition(".")[0] == "mockidp"}
    assert len(own) <= most, (
        "If the first request needs them, raise the number. Otherwise import them later."
    )


def test_frozen_classes_with_slots_are_made_by_frozen():
    """The standard decorator takes five times as long, see mockidp/frozen.py."""
    found = [
        f"{path.name}: {ast.unparse(decorator)}"
        for path in Path(mockidp_package.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
        and ast.unparse(decorator.func) == "dataclass"
        and {"frozen", "slots"} <= {keyword.arg for keyword in decorator.keywords}
    ]
    assert found == []
