"""The modules of routes: each is listed with its paths, and imported when one is requested."""

import subprocess
import sys
from importlib import import_module
from pkgutil import iter_modules

import pytest

from helpers.tenant_client import race
from mockidp.web import endpoints, hosted
from mockidp.web.routing.route_module import route_modules
from mockidp.web.routing.route_table import RouteTable

PACKAGES = (endpoints, hosted)
MODULES = [module for package in PACKAGES for module in package.MODULES]
IN_A_NEW_PROCESS = """
import sys
from werkzeug.test import Client
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

def loaded():
    return [name for name in ("token", "authorize") if f"mockidp.web.endpoints.{name}" in sys.modules]

client = Client(create_app(Tenant()))
print(loaded())
client.get("/.well-known/openid-configuration", base_url="http://localhost")
print(loaded())
client.post("/oauth/token", base_url="http://localhost")
print(loaded())
"""


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_module_is_listed_with_the_paths_of_its_routes(module):
    assert set(module.paths) == {route.path for route in module.routes()}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_with_routes_is_listed(package):
    names = (f"{package.__name__}.{one.name}" for one in iter_modules(package.__path__))
    found = {name for name in names if hasattr(import_module(name), "ROUTES")}
    assert found == {module.name for module in package.MODULES}


def test_a_module_is_imported_with_the_first_request_for_one_of_its_paths():
    command = [sys.executable, "-c", IN_A_NEW_PROCESS]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "[]", "['token']"]


def test_a_module_that_cannot_be_imported_is_an_error():
    table = RouteTable((), modules=route_modules("mockidp.web.endpoints", {"misspelled": "/x"}))
    assert table.find("/y", "GET") is None
    with pytest.raises(ModuleNotFoundError):
        table.find("/x", "GET")


def test_concurrent_requests_find_the_same_routes():
    table = RouteTable((), modules=MODULES)
    paths = [module.paths[0] for module in MODULES]
    found = race(lambda: [table.methods_at(path) for path in paths], count=20)
    assert all(one == found[0] for one in found)
    assert all(found[0])
