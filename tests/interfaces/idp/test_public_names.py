"""`import mockidp`: a dozen names, each imported when it is used."""

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
def test_every_public_name_can_be_imported(name):
    assert getattr(mockidp, name).__name__ == name
    assert name in dir(mockidp)


def test_a_name_does_not_change_when_its_module_is_imported_later():
    found = {name: getattr(mockidp, name) for name in mockidp.__all__}
    for name in mockidp.__all__:
        import_module(mockidp._MODULES[name])
    assert {name: getattr(mockidp, name) for name in mockidp.__all__} == found


def test_no_public_name_is_the_name_of_a_module():
    modules = {module.partition(".")[2] for module in mockidp._MODULES.values()}
    assert not modules & set(mockidp.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'MockIdp'"):
        mockidp.MockIdp  # noqa: B018 - what is tested
    assert not hasattr(mockidp, "Flask")
