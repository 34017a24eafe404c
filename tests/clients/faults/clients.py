"""The clients by name: Python's in this process, Node's all in one other."""

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
PATIENCE = 20


@dataclass(frozen=True)
class Outcome:
    """What came of it: what the client got, how it refused, or that it waits still."""

    done: str | None = None
    refused: str | None = None
    hangs: bool = False


# What a client comes to with a tenant that is sound, by the beginning of what it does.
SOUND = {
    "logs in": "auth0|alice",
    "reads userinfo": "auth0|alice",
    "refreshes": "auth0|alice",
    "gets a token": "read:items write:items",
    "guards an API": "acme-m2m@clients",
    "impersonates": "auth0|alice",
    "opens": "http://localhost:3000/callback",
}


def sound(does, idp):
    """Return what a client comes to without a fault."""
    done = next((done for start, done in SOUND.items() if does.startswith(start)), idp.issuer)
    return Outcome(done=done)


def act_in_python(client, does, given):
    """Let one of Python's clients do something."""
    try:
        return Outcome(done=PYTHON[client][does](given))
    except Exception as error:  # noqa: BLE001 - a client may refuse with whatever it likes
        return Outcome(refused=_describe(error))


def _describe(error):
    said = f"{type(error).__name__}: {error}"
    return f"{said} < {_describe(error.__cause__)}" if error.__cause__ else said


class NodeClients:
    """A Node process that lets its clients do one thing after the other."""

    def __init__(self, command, environment):
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._answers = selectors.DefaultSelector()
        self._answers.register(self._process.stdout, selectors.EVENT_READ)

    def act(self, client, does, given):
        """Let one of the clients do something."""
        task = {"client": client, "does": does, "given": given}
        self._process.stdin.write(json.dumps(task).encode() + b"\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline() if self._answers.select(PATIENCE) else b""
        assert line, f"Node says nothing of {client} {does}"
        return Outcome(**json.loads(line))

    def close(self):
        """End the process, which ends when there is nothing more to read."""
        self._answers.close()
        self._process.communicate(timeout=PATIENCE)
        assert self._process.returncode == 0
