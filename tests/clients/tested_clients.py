"""The clients that the tests drive, by the names that their tests and the page of clients use."""

import json
import subprocess
from importlib.metadata import distributions, version
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent


class Client(NamedTuple):
    """One client: the registry that has its package, and where it is installed for the tests.

    `folder` is relative to tests/clients. Without it, a Python package is in the environment of
    the tests.
    """

    registry: str
    package: str
    folder: str = ""

    def version(self):
        """Return the version that is installed."""
        return _VERSIONS[self.registry](self)


def _npm_version(client):
    return json.loads((HERE / client.folder / "package.json").read_text())["version"]


def _pypi_version(client):
    if not client.folder:
        return version(client.package)
    [found] = distributions(name=client.package, path=[str(HERE / client.folder)])
    return found.version


def _debian_version(client):
    asked = ["dpkg-query", "--show", "--showformat=${Version}", client.package]
    shown = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    return ".".join(shown.split(".")[:2])  # distributions differ in the rest


_VERSIONS = {"npm": _npm_version, "PyPI": _pypi_version, "Debian": _debian_version}


def _npm(package, *, alias="", root="node"):
    return Client("npm", package, f"{root}/node_modules/{alias or package}")


def _pypi(package, folder=""):
    return Client("PyPI", package, folder)


CLIENTS = {
    "auth0 7": _npm("auth0", alias="auth0-7"),
    "auth0 6": _npm("auth0", alias="auth0-6"),
    "auth0 5": _npm("auth0", alias="auth0-5"),
    "auth0 4": _npm("auth0", alias="auth0-4"),
    "auth0 3": _npm("auth0", alias="auth0-3"),
    "auth0 2": _npm("auth0", alias="auth0-2"),
    "auth0-auth-js": _npm("@auth0/auth0-auth-js"),
    "auth0-deploy-cli": _npm("auth0-deploy-cli"),
    "auth0-js": _npm("auth0-js"),
    "auth0-lock": _npm("auth0-lock"),
    "auth0-react": _npm("@auth0/auth0-react"),
    "auth0-spa-js": _npm("@auth0/auth0-spa-js"),
    "auth0-vue": _npm("@auth0/auth0-vue"),
    "express-oauth2-jwt-bearer": _npm("express-oauth2-jwt-bearer"),
    "express-openid-connect": _npm("express-openid-connect"),
    "jwks-rsa": _npm("jwks-rsa"),
    "nextjs-auth0": _npm("@auth0/nextjs-auth0", root="nextjs"),
    "oauth4webapi": _npm("oauth4webapi"),
    "openid-client 6": _npm("openid-client"),
    "openid-client 5": _npm("openid-client", alias="openid-client-5"),
    "passport-auth0": _npm("passport-auth0"),
    "auth0-api-python": _pypi("auth0-api-python"),
    "auth0-python 6": _pypi("auth0-python"),
    "auth0-python 5": _pypi("auth0-python", "python/.auth0-python-5"),
    "auth0-python 4": _pypi("auth0-python", "python/.auth0-python-4"),
    "auth0-python 3": _pypi("auth0-python", "python/.auth0-python-3"),
    "auth0-server-python": _pypi("auth0-server-python"),
    "Authlib (Flask)": _pypi("Authlib"),
    "Authlib (httpx)": _pypi("Authlib"),
    "Authlib (requests)": _pypi("Authlib"),
    "django-allauth": _pypi("django-allauth"),
    "flask-dance": _pypi("flask-dance"),
    "idpyoidc": _pypi("idpyoidc"),
    "mozilla-django-oidc": _pypi("mozilla-django-oidc"),
    "oic": _pypi("oic"),
    "PyJWT": _pypi("PyJWT"),
    "requests-oauthlib": _pypi("requests-oauthlib"),
    "scim2-client": _pypi("scim2-client"),
    "mod_auth_openidc": Client("Debian", "libapache2-mod-auth-openidc"),
}
