"""The clients by name: those in Python run in this process, those in Node in another."""

import json
import selectors
import subprocess
from dataclasses import dataclass

from . import auth0_python, authlib_app, plain_requests, pyjwt_guard

PYTHON = {
    "Authlib": authlib_app.ACTIONS,
    "auth0-python": auth0_python.ACTIONS,
    "PyJWT": pyjwt_guard.ACTIONS,
    "requests": plain_requests.ACTIONS,
}
TIMEOUT = 60


@dataclass(frozen=True)
class Outcome:
    """The result of an action, the client's error, or that it did not end in time."""

    done: str | None = None
    refused: str | None = None
    hangs: bool = False


# The result of a client without a fault, by the beginning of its action.
RESULTS = {
    "logs in at a provider": "google-oauth2|alice",
    "logs in": "auth0|alice",
    "reads userinfo": "auth0|alice",
    "refreshes": "auth0|alice",
    "redeems a code": "alice@acme.example",
    "gets a token": "read:items write:items",
    "guards an API": "acme-m2m@clients",
    "impersonates": "auth0|alice",
    "opens": "http://localhost:3000/callback",
}


def outcome_without_fault(does, idp):
    """Return the outcome of an action without a fault."""
    done = next((done for start, done in RESULTS.items() if does.startswith(start)), idp.issuer)
    return Outcome(done=done)


def act_in_python(client, does, given):
    """Run an action of a Python client."""
    try:
        return Outcome(done=PYTHON[client][does](given))
    except Exception as error:  # noqa: BLE001 - a client may raise any exception
        return Outcome(refused=_describe(error))


def _describe(error):
    text = f"{type(error).__name__}: {error}"
    return f"{text} < {_describe(error.__cause__)}" if error.__cause__ else text


class NodeClients:
    """A Node process that runs actions of its clients, one after the other."""

    def __init__(self, command, environment):
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._answers = selectors.DefaultSelector()
        self._answers.register(self._process.stdout, selectors.EVENT_READ)

    def act(self, client, does, given):
        """Run an action of a client."""
        task = {"client": client, "does": does, "given": given}
        self._process.stdin.write(json.dumps(task).encode() + b"\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline() if self._answers.select(TIMEOUT) else b""
        assert line, f"Node did not answer about: {client} {does}"
        return Outcome(**json.loads(line))

    def close(self):
        """Stop the process, by closing its input."""
        self._answers.close()
        self._process.communicate(timeout=TIMEOUT)
        assert self._process.returncode == 0
