"""A mock whose disk can be full."""

import contextlib
import http.client
import json
import resource
import shutil
import subprocess
import sys
from urllib.parse import parse_qsl, urlencode, urlsplit

from mockidp.cli.serving.example import example_file
from mockidp.storage.state_file import FILE
from mockidp.tenant.config.load import load_tenant
from mockidp.tenant.state.persistence import persistent_tenant
from mockidp.tenant.state.snapshot_data import snapshot_data

V1 = "/_mockidp/v1"
CALLBACK = "http://localhost:3000/callback"
API = "https://api.acme.example/"
LOGIN = {"username": "alice@acme.example", "password": "Passw0rd!"}
FORM = "application/x-www-form-urlencoded"
_UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


class Answer:
    """An answer."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.text = response.read().decode()

    @property
    def json(self):
        return json.loads(self.text)

    @property
    def sent(self):
        """The parameters of the redirect."""
        return dict(parse_qsl(urlsplit(self.headers["Location"]).query))

    @property
    def cookie(self):
        return self.headers["Set-Cookie"].partition(";")[0]


class Mock:
    """A process that serves the example tenant and persists its state in a directory."""

    def __init__(self, directory):
        self.directory = directory
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "mockidp", "serve", "--example", "acme", "--json"),
                *("--no-tls", "--listen", "127.0.0.1:0", "--persist", "--data-dir", str(directory)),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.url = json.loads(self.process.stdout.readline())["url"]
        self.connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=20)

    def close(self):
        self.connection.close()
        self.process.kill()
        self.process.communicate()

    @contextlib.contextmanager
    def disk_full(self, *, room=None):
        """Let no file of the process grow, except the write-ahead log by `room` bytes."""
        log = self.directory / f"{FILE}-wal"
        limit = 1 if room is None else log.stat().st_size + room
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        try:
            yield
        finally:
            resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, _UNLIMITED)

    def send(self, method, path, body=None, *, content_type=FORM, **headers):
        headers = {"Content-Type": content_type, **headers} if body is not None else headers
        self.connection.request(method, path, body, headers)
        return Answer(self.connection.getresponse())

    def get(self, path, query=None, **headers):
        return self.send("GET", f"{path}?{urlencode(query)}" if query else path, **headers)

    def post(self, path, form, **headers):
        return self.send("POST", path, urlencode(form), **headers)

    def control(self, method, path, body=None):
        data = None if body is None else json.dumps(body)
        return self.send(method, V1 + path, data, content_type="application/json")

    def memory(self):
        """Return the state of the process, except the position in a seeded sequence."""
        return self.control("GET", "/snapshot").json

    def not_kept(self):
        """Return the state that is not persisted."""
        return [self.control("GET", path).json for path in ("/faults", "/tenants")]

    def disk(self, directory):
        """Return the state that a restart would load from the disk."""
        directory.mkdir()
        for path in self.directory.glob(FILE + "*"):
            shutil.copy(path, directory)
        tenant = persistent_tenant(directory, load_tenant(example_file("acme")))
        with contextlib.closing(tenant.backend):
            return json.loads(json.dumps(snapshot_data(tenant.snapshot())))

    # --- what an app and a browser do ---

    def token(self, client="acme-web", **form):
        secret = {} if client in {"acme-spa", "idle"} else {"client_secret": f"{client}-secret"}
        return self.post("/oauth/token", {"client_id": client, **secret, **form})

    def authorize(self, *, cookie="", **query):
        defaults = {"client_id": "acme-web", "response_type": "code", "redirect_uri": CALLBACK}
        return self.get("/authorize", {**defaults, "scope": "openid", **query}, Cookie=cookie)

    def login_page(self, **query):
        return self.authorize(**query).sent["state"]

    def log_in(self, state, **form):
        body = {"state": state, **LOGIN, "action": "default", **form}
        return self.post("/u/login", body)

    def logged_in(self):
        """Log in. Return the session's cookie and the code."""
        answer = self.log_in(self.login_page())
        resumed = self.get(answer.headers["Location"], Cookie=answer.cookie)
        return answer.cookie, resumed.sent["code"]

    def refresh_token(self, client):
        """Return a refresh token; those of acme-spa rotate."""
        self.control("POST", "/sign-ins", {"user": "alice"})
        verifier = "v" * 43
        answer = self.authorize(
            client_id=client, scope="openid offline_access", audience=API, code_challenge=verifier,
            code_challenge_method="plain",
        )  # fmt: skip
        return self.token(
            client, grant_type="authorization_code", code=answer.sent["code"],
            redirect_uri=CALLBACK, code_verifier=verifier,
        ).json["refresh_token"]  # fmt: skip
