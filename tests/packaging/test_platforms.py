"""The platforms in docs/reference/platforms.md, and a simulated Windows."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "platforms.md").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

# All modules are imported once, to load their dependencies, which have their own code for Windows.
# Then mockidp's modules are imported again, without what Windows lacks, and serve.
WITHOUT_UNIX = """
import importlib, json, os, pkgutil, signal, socket, ssl, sys, threading, urllib.request
import mockidp

names = [one.name for one in pkgutil.walk_packages(mockidp.__path__, "mockidp.")]
names.remove("mockidp.__main__")
for name in names:
    importlib.import_module(name)
for name in [name for name in sys.modules if name.partition(".")[0] == "mockidp"]:
    del sys.modules[name]

for name in "curses fcntl grp pty pwd readline resource syslog termios tty".split():
    sys.modules[name] = None
LACKING = {
    os: "chown fchown fork getegid geteuid getgid getpgid getuid killpg memfd_create mkfifo"
        " posix_fallocate pread pwrite register_at_fork sendfile setsid sysconf uname",
    signal: "SIGALRM SIGCHLD SIGHUP SIGKILL SIGPIPE SIGQUIT SIGUSR1 SIGUSR2 alarm pause"
            " pthread_kill setitimer siginterrupt sigwait",
    socket: "MSG_DONTWAIT SO_REUSEPORT",
}
for module, attributes in LACKING.items():
    for attribute in attributes.split():
        if hasattr(module, attribute):
            delattr(module, attribute)
sys.platform = "win32"

for name in names:
    importlib.import_module(name)

from mockidp import MockIdP
from mockidp.cli.group import run

with MockIdP(tls=True) as idp:
    context = ssl.create_default_context(cafile=idp.ca_file)
    found = {}
    for url in (idp.url, idp.tls_url):
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        )
        with opener.open(url + "/.well-known/openid-configuration", timeout=10) as answer:
            found[url + "/"] = json.load(answer)["issuer"]
    token = idp.access_token(audience="https://api.example/")

ready = sys.stdout.write
def stop_when_ready(text):
    ready(text)
    if "Ctrl-C" in text:
        threading.Thread(target=signal.raise_signal, args=[signal.SIGINT]).start()
sys.stdout.write = stop_when_ready
sys.argv = ["mockidp", "serve", "--persist", "--listen", "localhost:0", "--tls-listen", "localhost:0"]
try:
    status = run() or 0
except SystemExit as error:
    status = error.code or 0
sys.stdout.write = ready
print()
print(json.dumps([len(names), found, bool(token), status]))
"""


def test_all_modules_work_without_what_windows_lacks(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_UNIX],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    modules, found, has_token, status = json.loads(done.stdout.splitlines()[-1])
    assert modules > 250
    assert len(found) == 2
    assert all(url == issuer for url, issuer in found.items())
    assert has_token
    assert status == 0
    assert (tmp_path / ".mockidp" / "ca.pem").exists()


def test_the_page_names_the_python_versions_of_the_package():
    [row] = re.findall(r"^\| CPython (.*?) \|", PAGE, re.MULTILINE)
    named = re.findall(r"3\.\d+", row)
    classifiers = "\n".join(PROJECT["classifiers"])
    assert named == re.findall(r"Python :: (3\.\d+)", classifiers)
    assert PROJECT["requires-python"] == f">={named[0]}"
    assert "Implementation :: CPython" in classifiers


def test_the_classifiers_name_the_supported_systems():
    systems = {one for one in PROJECT["classifiers"] if one.startswith("Operating System")}
    assert systems == {"Operating System :: MacOS", "Operating System :: POSIX :: Linux"}
    supported = re.findall(r"^\| (\w+).*? \| yes \|", PAGE, re.MULTILINE)
    assert {*supported} == {"Linux", "macOS", "WSL", "CPython"}


def test_the_image_is_released_for_the_architectures_that_the_page_names():
    release = (ROOT / ".github" / "workflows" / "release.yml").read_text()
    [platforms] = re.findall(r"platforms: (linux/.*)", release)
    assert platforms == "linux/amd64,linux/arm64"
    assert "`linux/amd64` and `linux/arm64`" in PAGE
