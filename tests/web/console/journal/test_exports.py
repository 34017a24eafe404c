"""Exports of a flow, and exchanges as commands of curl."""

import json
import shlex
import subprocess

import pytest

from helpers.acme import API, CALLBACK
from helpers.tenant_client import basic
from mockidp.tenant.journal.entry import JournalEntry
from mockidp.web.console.journal.curl import as_curl
from mockidp.web.console.journal.exports import to_har
from mockidp.web.console.journal.flow import flows_of


def export(console, kind, flow=1):
    return console.get(f"/_mockidp/journal/flows/{flow}/{kind}")


def test_a_flow_as_mermaid_text(console):
    console.tokens(scope="openid")
    console.redeem("unknown")
    assert export(console, "mermaid").text.splitlines() == [
        "sequenceDiagram",
        "  title Log in Alice",
        "  participant app",
        "  participant browser",
        "  participant tenant",
        "  browser->>tenant: asks for a login (GET /authorize)",
        "  browser->>tenant: opens the login page (GET /u/login)",
        "  browser->>tenant: sends the login form (POST /u/login)",
        "  browser->>tenant: continues the login (GET /authorize/resume)",
        "  tenant->>browser: redirects to the app (302)",
        "  browser-->>app: calls back with the code (the mock did not see this)",
        "  app->>tenant: redeems the code (POST /oauth/token, authorization_code)",
    ]
    assert export(console, "mermaid", 6).text.splitlines()[-1] == (
        "  tenant-xapp: 403 Invalid authorization code (invalid_grant)"
    )


def test_a_flow_as_json_and_unknown_exports(console):
    console.tokens(scope="openid")
    answer = export(console, "json")
    assert [one["flow"] for one in answer.json] == [1] * 5
    assert answer.headers["Content-Disposition"] == 'attachment; filename="flow-1.json"'
    assert export(console, "svg").status_code == 404
    assert export(console, "har", 9).status_code == 404


def test_a_flow_as_har(console):
    console.tokens(scope="openid")
    log = json.loads(export(console, "har").text)["log"]
    assert log["version"] == "1.2"
    assert [one["response"]["status"] for one in log["entries"]] == [302, 200, 302, 302, 200]
    first, last = log["entries"][0]["request"], log["entries"][-1]["request"]
    assert first["url"].startswith("http://localhost:9400/authorize?client_id=web&")
    assert {"name": "redirect_uri", "value": CALLBACK} in first["queryString"]
    assert {"name": "client_secret", "value": "***"} in last["postData"]["params"]
    console.post("/oauth/token", json_body={"client_id": "web", "realm": 1})
    request = json.loads(export(console, "har", 6).text)["log"]["entries"][0]["request"]
    assert json.loads(request["postData"]["text"]) == {"client_id": "web", "realm": 1}


def test_a_status_without_a_name_is_no_error_in_har():
    entry = JournalEntry(
        number=1, flow=1, at=0.0, endpoint="backchannel_logout", method="GET", status=0,
        url="http://localhost/x", parameters={},
    )  # fmt: skip
    (flow,) = flows_of([entry], str)
    (made,) = to_har(flow)["log"]["entries"]
    assert (made["response"]["statusText"], made["request"]["url"]) == ("", "http://localhost/x")


def curl(console, number):
    entry = next(one for one in console.tenant.journal if one.number == number)
    return as_curl(entry)


def test_a_method_is_quoted_in_a_command(console):
    console.request("A|B", "/authorize")
    assert shlex.split(curl(console, 1))[:4] == ["curl", "-i", "-X", "A|B"]
    assert "-X 'A|B'" in curl(console, 1)


def test_a_command_has_variables_in_place_of_secrets(console):
    console.tokens(scope="openid", state="it's")
    assert shlex.split(curl(console, 1).replace("\\\n", ""))[:4] == ["curl", "-i", "-X", "GET"]
    sent = expand(curl(console, 1))[-1]
    assert sent.startswith("http://localhost:9400/authorize?client_id=web&response_type=code&")
    assert "state=it%27s" in sent
    assert expand(curl(console, 5), client_secret="my secret", code="a$b") == [
        "-i", "-X", "POST",
        "--data-urlencode", "client_id=web",
        "--data-urlencode", "client_secret=my secret",
        "--data-urlencode", "grant_type=authorization_code",
        "--data-urlencode", "code=a$b",
        "--data-urlencode", f"redirect_uri={CALLBACK}",
        "http://localhost:9400/oauth/token",
    ]  # fmt: skip


def expand(command, **variables):
    """Let a shell read a command, and return the arguments that curl would get."""
    script = f'curl() {{ printf "%s\\0" "$@"; }}\n{command}'
    run = subprocess.run(
        ["bash", "-c", script], env=variables, capture_output=True, text=True, check=True
    )
    return run.stdout.split("\0")[:-1]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (basic("m2m", "m2m-secret"), ["-u", "m2m:s"]),
        ({"Authorization": "Bearer x"}, []),
    ],
)
def test_a_command_has_the_credentials_of_a_header(console, headers, expected):
    console.post("/oauth/token", headers=headers, grant_type="client_credentials", audience=API)
    arguments = expand(curl(console, 1), client_secret="s")
    assert arguments[3 : 3 + len(expected)] == expected


def test_a_command_has_the_bearer_token_by_name(console):
    console.get("/userinfo", headers={"Authorization": "Bearer abc"})
    console.get("/userinfo")
    sent = ["-i", "-X", "GET", "-H", "Authorization: Bearer t", "http://localhost:9400/userinfo"]
    assert expand(curl(console, 1), access_token="t") == sent
    assert expand(curl(console, 2)) == ["-i", "-X", "GET", "http://localhost:9400/userinfo"]


def test_a_command_with_json_names_its_secrets(console):
    body = {"client_id": "web", "client_secret": "web-secret", "realm": 1}
    console.post("/oauth/token", json_body=body)
    arguments = expand(curl(console, 1))
    assert arguments[3:6] == ["-H", "Content-Type: application/json", "--data"]
    assert json.loads(arguments[6]) == {
        "client_id": "web", "client_secret": "$client_secret", "realm": 1,
    }  # fmt: skip
