"""`MockIdP.transport()` in the synchronous and the asynchronous client of httpx."""

import asyncio
import subprocess
import sys

import httpx
import pytest

from mockidp import MockIdP

DOMAIN = "acme.eu.auth0.com"
URL = f"https://{DOMAIN}"
JWKS = f"{URL}/.well-known/jwks.json"


@pytest.fixture
def idp():
    return MockIdP(url=URL)


def run(idp, act):
    """Run a coroutine function with an asynchronous client."""

    async def main():
        async with httpx.AsyncClient(transport=idp.transport(), base_url=URL) as client:
            return await act(client)

    return asyncio.run(main())


def get_jwks(**options):
    async def act(client):
        return await client.get(JWKS, **options)

    return act


def test_a_transport_can_be_mounted_for_one_domain(idp, other_url):
    with httpx.Client(mounts={URL: idp.transport()}, trust_env=False) as client:
        assert client.get(JWKS).json()["keys"]
        assert client.get(other_url).text == "other"


def test_a_transport_without_url_answers_for_any_host():
    idp = MockIdP()
    with httpx.Client(transport=idp.transport(), base_url="http://login.acme.example") as client:
        document = client.get("/.well-known/openid-configuration").json()
    assert document["issuer"] == "http://login.acme.example/"


def test_a_path_with_non_ascii_characters_arrives(idp):
    with httpx.Client(transport=idp.transport()) as client:
        answer = client.get(f"{URL}/nowhere/\u20ac/%C3%BC?&a=%7C")
    assert answer.status_code == 404
    assert idp.journal.last().parameters == {"a": "|"}


def test_an_asynchronous_client_gets_a_response(idp):
    assert run(idp, get_jwks()).json()["keys"]


def test_an_asynchronous_body_arrives_complete(idp):
    async def parts():
        yield b"grant_type=client_credentials&client_id=machine"
        yield b"&client_secret=s&audience=x"

    async def act(client):
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return await client.post("/oauth/token", content=parts(), headers=headers)

    assert run(idp, act).status_code == 200


def test_a_delayed_request_does_not_block_the_event_loop(idp):
    """The first response waits for the second one, in the same event loop."""
    fault = idp.fault("jwks", delay=30, times=1)

    async def act(client):
        delayed = asyncio.create_task(client.get(JWKS, timeout=20))
        while not fault.fired:  # noqa: ASYNC110 - a fault has no event to await
            await asyncio.sleep(0)
        undelayed = await client.get(JWKS)
        fault.cancel()
        return undelayed.status_code, (await delayed).status_code

    assert run(idp, act) == (200, 200)


def test_an_asynchronous_client_times_out(idp):
    idp.fault("jwks", delay=30)
    with pytest.raises(httpx.ReadTimeout) as caught:
        run(idp, get_jwks(timeout=0.05))
    assert str(caught.value.request.url) == JWKS
    idp.stop()


def test_a_dropped_connection_raises_a_protocol_error(idp):
    idp.fault("jwks", drop=True)
    with pytest.raises(httpx.RemoteProtocolError, match="disconnected"):
        run(idp, get_jwks())


def test_an_asynchronous_body_can_be_truncated_or_slow(idp):
    with (
        idp.fault("jwks", truncate=3),
        pytest.raises(httpx.RemoteProtocolError, match="received 3"),
    ):
        run(idp, get_jwks())
    with idp.fault("jwks", drip=0.0001):
        assert run(idp, get_jwks()).json()["keys"]
    with idp.fault("jwks", drip=30), pytest.raises(httpx.ReadTimeout):
        run(idp, get_jwks(timeout=0.05))


def test_the_transport_works_without_a_client(idp):
    answer = idp.transport().handle_request(httpx.Request("GET", JWKS))
    assert answer.read().startswith(b'{"keys"')


def run_without(module, code):
    """Run code in a Python that cannot import a module. Return its output."""
    script = f"import sys; sys.modules[{module!r}] = None\n{code}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_without_httpx_the_error_says_what_to_install():
    output = run_without(
        "httpx",
        """
from mockidp import MockIdP, MockIdPError
try:
    MockIdP().transport()
except MockIdPError as error:
    print(error)
""",
    )
    assert "pip install 'mockidp-server[httpx]'" in output


def test_without_responses_the_error_says_what_to_install():
    output = run_without(
        "responses",
        """
from mockidp import MockIdPError, intercept
try:
    intercept("acme.eu.auth0.com")
except MockIdPError as error:
    print(error)
""",
    )
    assert "pip install 'mockidp-server[responses]'" in output
