"""Apps of tests/clients that run in Node."""

import contextlib
import json
import os
import selectors
import shutil
import subprocess


@contextlib.contextmanager
def node_app(program, options, *, ca_file=None):
    """Run a program that reads a line of JSON and ends with its input. Return its first line."""
    # Without other variables, because a proxy would intercept the requests to the mock.
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    if ca_file:
        environment["NODE_EXTRA_CA_CERTS"] = str(ca_file)
    with (
        subprocess.Popen(
            [shutil.which("node"), "--no-deprecation", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # SDKs log there
            text=True,
            env=environment,
        ) as process,
        selectors.DefaultSelector() as selector,
    ):
        process.stdin.write(json.dumps(options) + "\n")
        process.stdin.flush()
        selector.register(process.stdout, selectors.EVENT_READ)
        line = process.stdout.readline() if selector.select(timeout=60) else ""
        assert line, f"{program} printed nothing"
        yield line.strip()
        # Popen's exit closes standard input and waits for the process.
