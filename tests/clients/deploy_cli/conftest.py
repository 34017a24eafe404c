"""Auth0's Deploy CLI as a process that trusts the mock's CA.

It is unmodified, except that `two_languages.cjs` shortens its schema. The test of the page
docs/how-to/deploy-cli.md runs it with the whole schema.
"""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

PROGRAM = Path(__file__).parents[1] / "node/node_modules/.bin/a0deploy"
TWO_LANGUAGES = Path(__file__).parent / "two_languages.cjs"
INSTALL = "needs node and the Deploy CLI: `npm ci --prefix tests/clients/node`"
CLIENT, SECRET = "deploy-cli", "deploy-cli-secret"
AUDIENCE = "https://acme.example/api/v2/"


def tenant_of_the_cli(*scopes):
    """Return a tenant with nothing but the client of the CLI. Without scopes it has all."""
    grant = {"client_id": CLIENT, "audience": AUDIENCE, "scope": list(scopes)}
    return {
        "clients": [
            {
                "client_id": CLIENT,
                "client_secret": SECRET,
                "name": "Deploy CLI",
                "app_type": "non_interactive",
                "grant_types": ["client_credentials"],
            }
        ],
        "clientGrants": [grant if scopes else {**grant, "allow_all_scopes": True}],
    }


@dataclass(frozen=True)
class Run:
    """A run of the CLI that ended."""

    status: int
    output: str

    @property
    def succeeded(self):
        return self.status == 0 and "Successful" in self.output

    @property
    def skipped(self):
        """The types that were skipped because of missing scopes."""
        start = "Cannot retrieve "
        found = [line.split(start)[1] for line in self.output.splitlines() if start in line]
        return {line.split()[0] for line in found if "missing scopes" in line}


@pytest.fixture(scope="session")
def a0deploy():
    """Return a function that runs the CLI: `a0deploy(idp, "export", SETTING=value, ...)`."""
    if not PROGRAM.exists() or not shutil.which("node"):
        # In CI nothing may be skipped.
        (pytest.fail if os.environ.get("CI") else pytest.skip)(INSTALL)

    def run(idp, *arguments, **settings):
        done = subprocess.run(
            [PROGRAM, *arguments, "--env"],
            capture_output=True,
            text=True,
            env={
                "PATH": os.environ["PATH"],
                "NODE_OPTIONS": f"--require={TWO_LANGUAGES}",
                "NODE_EXTRA_CA_CERTS": str(idp.ca_file),
                "AUTH0_DOMAIN": urlsplit(idp.tls_url).netloc,
                "AUTH0_CLIENT_ID": CLIENT,
                "AUTH0_CLIENT_SECRET": SECRET,
                **{
                    name: value if isinstance(value, str) else json.dumps(value)
                    for name, value in settings.items()
                },
            },
            timeout=900,
            check=False,
        )
        return Run(done.returncode, done.stdout + done.stderr)

    return run


@pytest.fixture
def export(a0deploy, tmp_path):
    """Return a function that exports a tenant to a new folder."""

    def run(idp, name, *, layout="yaml", **settings):
        folder = tmp_path / name
        done = a0deploy(
            idp, "export", "--format", layout, "--output_folder", str(folder), **settings
        )
        assert done.succeeded, done.output
        return folder

    return run


@pytest.fixture
def import_into(a0deploy, record_calls):
    """Return a function that imports a file or a folder."""

    def run(idp, path, **settings):
        done = a0deploy(idp, "import", "--input_file", str(path), **settings)
        assert done.succeeded, done.output
        record_calls(idp)
        return done

    return run
