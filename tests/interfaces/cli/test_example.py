"""The path of an example tenant: in the package if installed, in fixtures if in a checkout."""

import pytest

from mockidp.cli.serving.example import EXAMPLES, example_file
from mockidp.tenant.config.load import load_tenant


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_a_valid_tenant(name):
    assert load_tenant(example_file(name)).clients


def test_the_file_in_the_wheel_is_preferred(folder, monkeypatch):
    monkeypatch.setattr(
        "mockidp.cli.serving.example.__file__", str(folder / "mockidp/cli/serving/example.py")
    )
    in_wheel = folder / "mockidp/examples/acme.yaml"
    assert example_file("acme") == folder / "fixtures/tenants/acme.yaml"
    in_wheel.parent.mkdir(parents=True)
    in_wheel.touch()
    assert example_file("acme") == in_wheel
