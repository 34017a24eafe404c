"""What is inside the wheel, and what it says of itself."""

import os
import re
import sys
import zipfile
from configparser import ConfigParser
from pathlib import Path, PurePosixPath

import mockidp

ROOT = Path(__file__).parents[2]


def test_it_installs_one_package_and_nothing_beside_it(names_in_wheel):
    tops = {PurePosixPath(name).parts[0] for name in names_in_wheel}
    assert {re.sub(r"-[0-9].*\.dist-info$", "", top) for top in tops} == {
        "mockidp",
        "mockidp_server",
    }


def test_no_tests_fixtures_or_caches_leak_into_it(names_in_wheel):
    parts = {part for name in names_in_wheel for part in PurePosixPath(name).parts}
    assert not parts & {"tests", "fixtures", "benchmarks", "docs", "__pycache__", "conftest.py"}


def test_it_has_every_file_of_the_package_under_test(names_in_wheel):
    package = Path(mockidp.__file__).parent
    files = {
        f"mockidp/{path.relative_to(package).as_posix()}"
        for path in package.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert files <= names_in_wheel
    assert "mockidp/py.typed" in names_in_wheel
    assert "mockidp/web/templates/login.html" in names_in_wheel


def test_the_example_tenant_in_it_is_the_one_in_the_fixtures(wheel):
    with zipfile.ZipFile(wheel) as archive:
        inside = archive.read("mockidp/examples/acme.yaml")
    assert inside == (ROOT / "fixtures/tenants/acme.yaml").read_bytes()


def test_it_carries_the_licence(names_in_wheel):
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names_in_wheel)


def test_its_name_is_not_the_one_that_is_taken(metadata):
    assert metadata["Name"] == "mockidp-server"


def test_its_description_is_the_readme(metadata):
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert metadata.get_payload().strip() == (ROOT / "README.md").read_text().strip()


def test_it_asks_for_lower_bounds_only_and_for_little(metadata):
    required = metadata.get_all("Requires-Dist")
    assert not [one for one in required if "<" in one or "==" in one.split(";")[0]]
    ordinary = {re.split(r"[^\w-]", one)[0] for one in required if "extra ==" not in one}
    assert ordinary >= {"werkzeug", "pyjwt", "cryptography", "click", "pyyaml", "httptools"}
    assert ordinary.isdisjoint({"pytest", "responses", "httpx"})
    assert set(metadata.get_all("Provides-Extra")) == {"httpx", "responses"}


def test_the_pythons_it_names_are_those_it_allows(metadata):
    assert metadata["Requires-Python"] == ">=3.11"
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(metadata.get_all("Classifier")))
    assert named[0] == "3.11"
    assert f"{sys.version_info[0]}.{sys.version_info[1]}" in named


def test_its_command_and_its_plugin_are_the_packages_own(wheel):
    entry_points = ConfigParser()
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (one for one in archive.namelist() if one.endswith("entry_points.txt"))
        entry_points.read_string(archive.read(name).decode())
    assert {group: dict(entry_points[group]) for group in entry_points.sections()} == {
        "console_scripts": {"mockidp": "mockidp.__main__:main"},
        "pytest11": {"mockidp": "mockidp.pytest_plugin"},
    }


def test_the_package_under_test_is_the_one_that_was_asked_for():
    installed = Path(mockidp.__file__).is_relative_to(sys.prefix)
    assert installed == ("MOCKIDP_INSTALLED" in os.environ)
