"""The folder with the measured servers: mockidp, from a new wheel, and its pinned peers."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

OIDC_PROVIDER_MOCK = "0.3.4"
OAUTH2_MOCK_SERVER = "9.3.0"
CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, kw_only=True, slots=True)
class Scratch:
    """Paths in the folder. `prepare` installs the servers there."""

    root: Path

    @property
    def mockidp(self) -> Path:
        """A virtual environment with mockidp as its users install it."""
        return self.root / "mockidp"

    @property
    def python(self) -> Path:
        """The Python of that environment. It also runs the measurements, with mockidp's PyJWT."""
        return self.mockidp / "bin" / "python"

    @property
    def oidc_provider_mock(self) -> Path:
        return self.root / "oidc-provider-mock" / "bin" / "oidc-provider-mock"

    @property
    def oauth2_mock_server(self) -> Path:
        return self.root / "node_modules" / "oauth2-mock-server" / "dist" / "oauth2-mock-server.mjs"

    def authlib_version(self) -> str:
        """Return the Authlib version of oidc-provider-mock, which determines its signing speed."""
        (found,) = (self.root / "oidc-provider-mock").glob(
            "lib/python*/site-packages/[Aa]uthlib-*.dist-info"
        )
        return found.name.removesuffix(".dist-info").split("-")[1]

    def required_node(self) -> str:
        """Return the range of Node versions that oauth2-mock-server declares."""
        package = self.oauth2_mock_server.parent.parent / "package.json"
        versions: str = json.loads(package.read_text())["engines"]["node"]
        return versions

    def prepare(self) -> None:
        """Install missing peers, and reinstall mockidp from the checkout."""
        self.root.mkdir(parents=True, exist_ok=True)
        self._prepare_oidc_provider_mock()
        self._prepare_oauth2_mock_server()
        self.prepare_mockidp()

    def _prepare_oidc_provider_mock(self) -> None:
        requirement = f"oidc-provider-mock=={OIDC_PROVIDER_MOCK}"
        self._install_once(self.root / "oidc-provider-mock", requirement)

    def _prepare_oauth2_mock_server(self) -> None:
        package = self.root / "node_modules" / "oauth2-mock-server" / "package.json"
        if package.exists() and json.loads(package.read_text())["version"] == OAUTH2_MOCK_SERVER:
            return
        if not shutil.which("npm") or not shutil.which("node"):
            sys.exit("benchmarks/run: needs node and npm on PATH: apt install nodejs npm")
        _report(f"installing oauth2-mock-server {OAUTH2_MOCK_SERVER}")
        requirement = f"oauth2-mock-server@{OAUTH2_MOCK_SERVER}"
        quiet = ("--no-audit", "--no-fund", "--loglevel=error")
        _run("npm", "install", "--prefix", str(self.root), *quiet, requirement)

    def prepare_mockidp(self) -> None:
        """Reinstall mockidp from the checkout."""
        self.root.mkdir(parents=True, exist_ok=True)
        builder = self.root / "builder"
        self._install_once(builder, "hatchling")
        wheels = self.root / "wheels"
        shutil.rmtree(wheels, ignore_errors=True)
        _pip(builder, "wheel", "--no-deps", "--no-build-isolation", "-w", str(wheels), CHECKOUT)
        (wheel,) = wheels.glob("*.whl")
        if not self.python.exists():
            _report("installing mockidp's dependencies")
            _venv(self.mockidp)
        _pip(self.mockidp, "install", f"{wheel}[redis,responses]", "pytest", "requests", "flask")
        # --force-reinstall, because all wheels have the same version.
        _pip(self.mockidp, "install", "--no-deps", "--force-reinstall", "--compile", wheel)

    @staticmethod
    def _install_once(venv: Path, requirement: str) -> None:
        stamp = venv / ".installed"
        if stamp.exists() and stamp.read_text() == requirement:
            return
        _report(f"installing {requirement}")
        shutil.rmtree(venv, ignore_errors=True)
        _venv(venv)
        _pip(venv, "install", "--compile", requirement)
        stamp.write_text(requirement)


def _venv(folder: Path) -> None:
    _run(sys.executable, "-m", "venv", folder)


def _pip(venv: Path, *arguments: str | Path) -> None:
    _run(venv / "bin" / "python", "-m", "pip", "-q", "--disable-pip-version-check", *arguments)


def _run(*command: str | Path) -> None:
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"benchmarks/run: {' '.join(map(str, command))} failed:\n{done.stdout}")


def _report(text: str) -> None:
    print(f"benchmarks/run: {text}", file=sys.stderr, flush=True)


def node_version() -> str:
    """Return the version of Node on PATH."""
    return subprocess.run(
        ("node", "--version"), capture_output=True, text=True, check=True
    ).stdout.strip()


def clean_environment() -> dict[str, str]:
    """Return the environment without the variables that configure mockidp."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MOCKIDP_")}
