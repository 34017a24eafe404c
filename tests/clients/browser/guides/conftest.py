"""Run the commands and files of a guide, and use its app in a real browser.

Only downloads are replaced: `npm` and `npx` take packages from a folder below tests/clients. Servers
use free ports, to which the browser maps the ports of the page.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from helpers.console import read_examples, read_files
from helpers.free_ports import find_free_ports
from mockidp import RemoteIdP

ROOT = Path(__file__).parents[4]
TIMEOUT = 60_000  # milliseconds; reached only when a test fails
CLOSED_REGISTRY = "http://127.0.0.1:1/"

# Replaces npm and npx. REAL is the real program, MODULES the folder of the packages, and LINK_WITH
# the command that links them.
NPM = r"""#!/usr/bin/env bash
set -euo pipefail
read -ra LINK <<<"$LINK_WITH"
create() { # create NAME@VERSION FILE ARGUMENTS...
  local argument arguments=()
  for argument in "${@:3}"; do # like npm, which consumes `--`
    [[ $argument == -- ]] || arguments+=("$argument")
  done
  exec node "$MODULES/${1%@*}/$2" "${arguments[@]}"
}
case "$(basename -- "$0") $1" in
  'npm create') create "create-$2" index.js "${@:3}" ;;
  'npx create-'*) create "$1" dist/index.js "${@:2}" ;;
  'npm install')
    for package in "${@:2}"; do
      [[ $package == -* || -d $MODULES/$package ]] || { echo "no package $package" >&2; exit 1; }
    done
    [[ ! -d node_modules ]] || exit 0
    mkdir node_modules
    "${LINK[@]}" "$MODULES"/* "$MODULES/.bin" node_modules || cp -a "$MODULES/." node_modules
    ;;
  *) exec "$REAL" "$@" ;;
esac
"""


class Guide:
    """The files and commands of a page, in an empty folder."""

    def __init__(self, page, folder, modules):
        text = (ROOT / "docs" / "how-to" / page).read_text()
        self.files = read_files(text)
        self.commands = [example.command for example in read_examples(text)]
        self.shown = re.findall(r"^```(?!console$)\w+\n", text, re.MULTILINE)
        self.folder = folder
        self.app = folder / "my-app"
        self.environment = self._environment(modules)

    def _environment(self, modules):
        programs = self.folder / "programs"
        programs.mkdir()
        for name in ("npm", "npx"):
            (programs / name).write_text(NPM)
            (programs / name).chmod(0o755)
        return {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "MODULES": str(modules),
            # Symbolic links are faster, but Turbopack does not follow them out of the app's folder.
            "LINK_WITH": "cp -al" if modules.parent.name == "nextjs" else "ln -s",
            "REAL": shutil.which("npm"),
            "NO_COLOR": "1",
            "NEXT_TELEMETRY_DISABLED": "1",
            "npm_config_registry": CLOSED_REGISTRY,
            "npm_config_update_notifier": "false",
        }

    def create(self, servers, ports):
        """Run the commands before those of the servers, then write the files.

        `ports` maps the ports of the page to the real ones.
        """
        count = len(self.commands) - len(servers)
        assert self.commands[count:] == servers
        assert len(self.files) == len(self.shown), "not every block is a file"
        done = subprocess.run(
            ["bash", "-ec", "\n".join(self.commands[:count])],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        for name, text in self.files.items():
            self.write(name, text, ports)

    def write(self, name, text, ports):
        for shown, real in ports.items():
            text = re.sub(rf"(localhost:|listen\(){shown}\b", rf"\g<1>{real}", text)
        (self.app / name).parent.mkdir(parents=True, exist_ok=True)
        (self.app / name).write_text(text)

    @contextlib.contextmanager
    def running(self, command, *, ready, **environment):
        """Run a command of the page in the app's folder, and wait until it prints `ready`."""
        lines = []
        with subprocess.Popen(
            ["bash", "-c", f"exec {command}"],
            cwd=self.app,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            # The rest of the output must be read, or the pipe fills up.
            reader = threading.Thread(target=lambda: lines.extend(process.stdout))
            try:
                for line in process.stdout:
                    lines.append(line)
                    if ready in line:
                        break
                else:
                    pytest.fail("".join(lines))
                reader.start()
                yield lines
            finally:
                os.killpg(process.pid, signal.SIGTERM)
                if reader.ident:
                    reader.join()
                sys.stdout.write("".join(lines))  # pytest shows this if the test fails


@pytest.fixture(scope="module")
def guide(playwright, tmp_path_factory):
    """Return a function that returns the guide of a page, with packages from a client folder."""
    with contextlib.ExitStack() as stack:

        def guide(page, clients):
            installed = ROOT / "tests" / "clients" / clients / "node_modules"
            if not shutil.which("npm") or not (installed / ".package-lock.json").exists():
                # In CI nothing may be skipped.
                (pytest.fail if os.environ.get("CI") else pytest.skip)(
                    f"needs node and its packages: npm ci --prefix tests/clients/{clients}"
                )
            folder = tmp_path_factory.mktemp("guide")
            # It has hundreds of megabytes. A process that Next.js leaves behind deletes files of its own
            # at the same time.
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            return Guide(page, folder, installed)

        yield guide


@pytest.fixture(scope="module")
def application():
    """Return the port to which the browser maps http://localhost:3000."""
    return SimpleNamespace(port=find_free_ports([3000])[3000])


class User:
    """Alice with a new browser."""

    def __init__(self, page):
        self.page = page

    def click(self, name):
        button, link = (self.page.get_by_role(role, name=name) for role in ("button", "link"))
        button.or_(link).click()

    def enter_password(self):
        """Log in on mockidp's page, and wait until the app greets the user."""
        self.page.get_by_label("Email address").fill("alice@acme.example")
        self.page.get_by_label("Password").fill("Passw0rd!")
        self.click("Continue")
        self.wait_for_greeting()

    def reload(self):
        self.page.reload()

    def wait_for_greeting(self):
        self.page.get_by_role("heading", name="Hello alice@acme.example").wait_for()

    def wait_until_logged_out(self):
        """Start a login, and wait until mockidp asks for the password."""
        self.click("Log in")
        self.page.get_by_label("Password").wait_for()


@pytest.fixture
def alice(chromium):
    with chromium.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(TIMEOUT)
        yield User(page)


@pytest.fixture
def idp(server):
    """Control the running mock, which is reset before and after each test."""
    with RemoteIdP(server.url) as idp:
        idp.reset()
        idp.journal.clear()
        yield idp
        idp.reset()
