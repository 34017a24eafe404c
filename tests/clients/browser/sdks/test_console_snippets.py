"""The configuration that the console shows for single-page apps: build it, and log in."""

import shutil
import subprocess
import urllib.request

import pytest

from helpers.html_page import Page

PACKAGES = {
    "spa-js": ["@auth0/auth0-spa-js"],
    "react": ["@auth0/auth0-react", "react-dom"],
}
PAGE = """<!DOCTYPE html>
<html lang="en"><title>App</title><h1>Loading</h1><div id="root"></div>
<script type="module" src="./main.jsx"></script></html>"""
APP = """
import { useAuth0 } from '@auth0/auth0-react';
import { useEffect } from 'react';

export default function App() {
  const { isLoading, user, loginWithRedirect } = useAuth0();
  useEffect(() => {
    if (!isLoading && !user) loginWithRedirect();
    if (user) document.querySelector('h1').textContent = `Hello ${user.email}`;
  }, [isLoading, user]);
  return null;
}
"""


@pytest.fixture(scope="module", params=sorted(PACKAGES))
def site(request, installed, server, tmp_path_factory):
    """Build the app with the console's configuration for the client `acme-spa`."""
    modules = installed("vite", *PACKAGES[request.param])
    with urllib.request.urlopen(f"{server.url}/_mockidp/?client=acme-spa", timeout=10) as answer:
        page = Page(answer.read().decode())
    [found] = page.find("pre", **{"data-testid": f"snippet-{request.param}"})
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "node_modules").symlink_to(modules)
    (folder / "index.html").write_text(PAGE)
    (folder / "App.jsx").write_text(APP)
    (folder / "main.jsx").write_text(page.texts[found])
    done = subprocess.run(
        [
            *(shutil.which("node"), modules / "vite" / "bin" / "vite.js", "build", folder),
            *("--outDir", folder / "built", "--logLevel", "warn", "--target", "esnext"),
        ],
        cwd=folder,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return [folder / "built"]


def test_a_user_logs_in(visitor):
    visitor.page.goto("http://localhost:3000")
    visitor.pick_user("alice")
    visitor.wait_for_heading("Hello alice@acme.example")
