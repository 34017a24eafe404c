"""The files and metadata of the wheel."""

import os
import re
import sys
import zipfile
from configparser import ConfigParser
from pathlib import Path, PurePosixPath

import mockidp

ROOT = Path(__file__).parents[2]


def test_the_wheel_has_only_one_package(names_in_wheel):
    tops = {PurePosixPath(name).parts[0] for name in names_in_wheel}
    assert {re.sub(r"-[0-9].*\.dist-info$", "", top) for top in tops} == {
        "mockidp",
        "mockidp_server",
    }


def test_the_wheel_has_no_tests_fixtures_or_caches(names_in_wheel):
    parts = {part for name in names_in_wheel for part in PurePosixPath(name).parts}
    assert not parts & {"tests", "fixtures", "benchmarks", "docs", "__pycache__", "conftest.py"}


def test_the_wheel_has_all_files_of_the_package_under_test(names_in_wheel):
    package = Path(mockidp.__file__).parent
    files = {
        f"mockidp/{path.relative_to(package).as_posix()}"
        for path in package.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert files <= names_in_wheel
    assert "mockidp/py.typed" in names_in_wheel
    assert "mockidp/web/templates/login.html" in names_in_wheel


def test_the_example_tenant_is_that_of_the_fixtures(wheel):
    with zipfile.ZipFile(wheel) as archive:
        inside = archive.read("mockidp/examples/acme.yaml")
    assert inside == (ROOT / "fixtures/tenants/acme.yaml").read_bytes()


def test_the_wheel_has_the_license(names_in_wheel):
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names_in_wheel)


def test_the_distribution_is_called_mockidp_server(metadata):
    assert metadata["Name"] == "mockidp-server"


def test_the_description_is_the_readme(metadata):
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert metadata.get_payload().strip() == (ROOT / "README.md").read_text().strip()


def test_dependencies_are_few_and_have_only_lower_bounds(metadata):
    required = metadata.get_all("Requires-Dist")
    assert not [one for one in required if "<" in one or "==" in one.split(";")[0]]
    ordinary = {re.split(r"[^\w-]", one)[0] for one in required if "extra ==" not in one}
    assert ordinary >= {"werkzeug", "pyjwt", "cryptography", "click", "pyyaml", "httptools"}
    extras = {"bcrypt", "cbor2", "httpx", "prometheus-client", "redis", "responses"}
    assert ordinary.isdisjoint({*extras, "pytest"})
    assert set(metadata.get_all("Provides-Extra")) == {
        "httpx", "metrics", "passkeys", "passwords", "redis", "responses",
    }  # fmt: skip


def test_the_classifiers_name_the_allowed_python_versions(metadata):
    assert metadata["Requires-Python"] == ">=3.11"
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(metadata.get_all("Classifier")))
    assert named[0] == "3.11"
    assert f"{sys.version_info[0]}.{sys.version_info[1]}" in named


def test_the_entry_points_are_the_command_and_the_plugin(wheel):
    entry_points = ConfigParser()
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (one for one in archive.namelist() if one.endswith("entry_points.txt"))
        entry_points.read_string(archive.read(name).decode())
    assert {group: dict(entry_points[group]) for group in entry_points.sections()} == {
        "console_scripts": {"mockidp": "mockidp.__main__:main"},
        "pytest11": {"mockidp": "mockidp.pytest_plugin"},
    }


def test_the_installed_package_is_tested_if_mockidp_installed_is_set():
    installed = Path(mockidp.__file__).is_relative_to(sys.prefix)
    assert installed == ("MOCKIDP_INSTALLED" in os.environ)
