"""`import mockidp`: a dozen names, each imported when it is asked for."""

import json
import subprocess
import sys
from importlib import import_module

import pytest

import mockidp

HEAVY = ("flask", "werkzeug", "jinja2", "yaml", "jwt", "cryptography", "click", "responses")


def run(script):
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_the_package_itself_imports_nothing():
    script = "import json, sys, mockidp; print(json.dumps(list(sys.modules)))"
    loaded = run(script)
    assert "mockidp" in loaded
    assert not [name for name in loaded if name.startswith("mockidp.")]
    assert not {name.partition(".")[0] for name in loaded} & set(HEAVY)


@pytest.mark.parametrize("name", sorted(mockidp.__all__))
def test_every_public_name_is_there(name):
    assert getattr(mockidp, name).__name__ == name
    assert name in dir(mockidp)


def test_a_name_stays_what_it_is_when_its_module_is_imported_later():
    found = {name: getattr(mockidp, name) for name in mockidp.__all__}
    for name in mockidp.__all__:
        import_module(mockidp._MODULES[name])
    assert {name: getattr(mockidp, name) for name in mockidp.__all__} == found


def test_no_public_name_is_a_module_s():
    modules = {where.partition(".")[2] for where in mockidp._MODULES.values()}
    assert not modules & set(mockidp.__all__)


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'MockIdp'"):
        mockidp.MockIdp  # noqa: B018 - what is tested
    assert not hasattr(mockidp, "Flask")
