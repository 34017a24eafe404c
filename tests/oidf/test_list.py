"""The list of modules: each one has a test, or a reason why it has none."""

import ast
from pathlib import Path

import pytest

from helpers.oidf.plans import MODULES, read_modules, runs_of

HERE = Path(__file__).parent
TESTS = {
    node.name
    for file in HERE.glob("test_*.py")
    for node in ast.parse(file.read_text()).body
    if isinstance(node, ast.FunctionDef) and node.name.startswith("test_oidcc_")
}
OPTIONAL = {"dynamic", "third-party-login"}
"""The plans that need dynamic registration."""


@pytest.mark.parametrize("name", MODULES)
def test_each_module_has_a_test_or_a_reason_for_none(name):
    module = MODULES[name]
    if "not_tested" in module:
        assert set(module["plans"]) <= OPTIONAL
        assert name not in TESTS
    else:
        assert name in TESTS


def test_each_test_is_for_a_module_of_the_list():
    assert sorted(TESTS - set(MODULES)) == []


def test_no_module_is_listed_twice():
    assert len(MODULES) == len(read_modules())


def test_each_module_runs_for_each_of_its_plans_live_and_intercepted():
    for module in MODULES.values():
        runs = list(runs_of(module))
        core = set(module["plans"]) & {"basic", "implicit", "hybrid"}
        assert {run.plan for run in runs} == core or {run.plan for run in runs} == {
            module["plans"][0]
        }
        assert {run.interface for run in runs} == {"live", "intercepted"}
        assert {run.response_mode for run in runs} == ({None, "form_post"} if core else {None})
