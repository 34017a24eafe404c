"""The pages of the journal: flows, one flow, one exchange, and their filter."""

import json

import pytest

from helpers.acme import API
from helpers.methods import impersonation_link
from mockidp.faults import Fault
from mockidp.web.console.journal import pages

UNSEEN = "the mock did not see this"


def rows(console):
    return [one.partition("UTC")[0][:-9] for one in console.text("flow-row")]


def open_link(console, change=""):
    url = impersonation_link(
        console.tenant, console.url, "alice", client="web", state="s", impersonator="bob"
    )
    target = url.removeprefix(console.url) + change
    return console.request("GET", target, environ_overrides={"REQUEST_URI": target})


def opened_steps(console):
    found = console.page.find(**{"data-testid": "step"})
    return [console.page.text_of(one) for one in found if "open" in console.page.elements[one][1]]


def test_an_empty_journal_says_where_the_app_should_go(console):
    console.open("/journal")
    (text,) = console.text("nothing")
    assert text == (
        "Nothing yet. Your app talks to http://localhost:9400. Log in with the test client to see "
        "a flow."
    )


def test_flows_are_listed_newest_first_with_their_last_status(console):
    console.tokens(scope="openid offline_access", audience=API)
    console.redeem("unknown")
    console.machine_token(audience=API)
    console.tenant.faults.add(Fault(endpoint="jwks", status=503))
    console.get("/.well-known/jwks.json")
    console.open("/journal")
    assert rows(console) == ["Key set503", "Machine token200", "Redeem a code403 refused", "Log in Alice200"]  # fmt: skip
    assert console.text("flow-row")[0].endswith(", fault: jwks: status 503")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("client:m2m", ["Machine token"]),
        ("user:alice", ["Log in Alice"]),
        ("user:auth0|alice", ["Log in Alice"]),
        ("status:4xx", ["Redeem a code"]),
        ("status:403", ["Redeem a code"]),
        ("endpoint:token grant:client_*", ["Machine token"]),
        ("error:invalid_grant", ["Redeem a code"]),
        ("flow:1", ["Log in Alice"]),
        ("NEVER issued", ["Redeem a code"]),
        ("Invalid authorization", ["Redeem a code"]),
        ("machine", ["Machine token"]),
        ("status:4xx client:m2m", []),
        ("client:", []),
        ("colour:red", []),
    ],
)
def test_the_filter_finds_flows(console, asked, found):
    console.tokens(scope="openid")
    console.redeem("unknown")
    console.machine_token(audience=API)
    console.open("/journal", q=asked)
    titles = ("Log in Alice", "Redeem a code", "Machine token")
    assert [one for one in titles if any(one in row for row in rows(console))] == found
    assert bool(console.text("nothing")) is (found == [])


def test_a_filter_has_a_maximum_length(console):
    console.open("/journal", status=400, q="x" * 501)


def test_there_are_fifty_flows_on_a_page(console):
    for _ in range(pages.PER_PAGE + 1):
        console.get("/.well-known/jwks.json")
    console.open("/journal")
    assert len(console.text("flow-row")) == pages.PER_PAGE
    assert "Page 1 of 2" in console.page.text
    console.open("/journal", page="2")
    assert len(console.text("flow-row")) == 1
    console.open("/journal", page="9")
    assert len(console.text("flow-row")) == 1
    console.open("/journal", status=404, page="-1")


def test_the_page_says_that_older_exchanges_are_gone(console):
    for _ in range(1001):
        console.get("/.well-known/jwks.json")
    page = console.open("/journal")
    assert "1000 exchanges; older ones are gone" in page.text
    assert "The journal has no flow 1." in console.open("/journal/flows/1", status=404).text


def test_the_journal_can_be_cleared(console):
    console.machine_token(audience=API)
    console.open("/journal")
    console.follow_change("/journal/clear")
    assert console.text("nothing")[0].startswith("The journal was cleared at ")
    assert len(console.tenant.journal) == 0


def test_a_login_is_a_diagram_with_what_the_mock_did_not_see(console):
    console.tokens(scope="openid")
    console.open("/journal/flows/1")
    said = console.text("step")
    verbs = [
        "browser to tenantasks for a login", "opens the login page", "sends the login form",
        "continues the login", "tenant to browserredirects to the app",
        f"browser to appcalls back with the code{UNSEEN}", "app to tenantredeems the code",
    ]  # fmt: skip
    assert len(said) == len(verbs)
    assert all(verb in text for verb, text in zip(verbs, said, strict=True))
    assert opened_steps(console) == []
    assert "The issuer. Your client compares it" in said[-1]


def test_a_flow_that_ends_at_the_callback_infers_the_way_to_the_app(console):
    console.callback()
    console.open("/journal/flows/1")
    assert f"calls back{UNSEEN}" in console.text("step")[-1]


def test_a_refused_link_is_open_with_its_reason(console):
    open_link(console, "&next=/admin")
    console.open("/journal/flows/1")
    (text,) = opened_steps(console)
    assert "refused: 401 Impersonation - Bad mac" in text
    assert "Query parameter next was added after the link was signed." in text
    assert "Diagnose this link" in text
    assert "failed bewit" in text
    assert "# There is no test for exchange 1." not in text
    assert "def test_impersonation_link_1(idp):" in text


def test_an_impersonation_shows_that_the_link_was_handed_on(console):
    token = console.token(client_id="global", grant_type="client_credentials").json["access_token"]
    body = {
        "protocol": "oauth2",
        "impersonator_id": "auth0|bob",
        "client_id": "web",
        "additionalParameters": {"state": "s", "response_type": "code"},
    }
    headers = {"Authorization": f"Bearer {token}"}
    url = console.post("/users/auth0%7Calice/impersonate", headers=headers, json_body=body).text
    target = url.removeprefix(console.url)
    console.request("GET", target, environ_overrides={"REQUEST_URI": target})
    page = console.open("/journal/flows/1")
    assert "Impersonate Alice" in page.text
    said = console.text("step")
    assert "hands the link on" in said[2]
    assert "opens the link" in said[3]
    assert "Authorization: Bearer $access_token" in said[1]


def test_a_refusal_without_a_hint_shows_its_text(console):
    console.tenant.faults.add(Fault(endpoint="webfinger", status=503))
    console.get("/.well-known/webfinger")
    console.open("/journal/flows/1")
    assert "503" in opened_steps(console)[0]


def test_a_flow_links_to_the_one_that_it_continues(console):
    console.callback()
    console.callback()
    console.open("/journal/flows/5")
    assert console.text("continues") == ["continues flow 1"]


def test_messages_and_management_calls_have_their_own_words(console):
    console.post("/dbconnections/change_password", client_id="web", email="alice@acme.example",
                 connection="Username-Password-Authentication")  # fmt: skip
    console.get("/api/v2/users")
    console.get("/nowhere")
    console.post("/oauth/token", client_id="m2m", grant_type="nothing")
    page = console.open("/journal")
    for title in ("Message to", "Unmatched", "Token"):
        assert title in page.text
    for entry in console.tenant.journal:
        console.open(f"/journal/flows/{entry.flow}")


def test_names_of_users_and_clients_are_escaped(console):
    console.authorize(client_id="<script>alert(1)</script>")
    page = console.open("/journal/flows/1")
    assert "<script>alert" not in page.html


def test_an_exchange_is_shown_as_json(console):
    console.machine_token(audience=API)
    console.open("/journal/1")
    (entry,) = console.tenant.journal
    assert json.loads(console.text("raw")[0]) == json.loads(json.dumps(entry.to_dict()))
    assert "The journal has no exchange 2." in console.open("/journal/2", status=404).text
    assert "is not the number" in console.open("/journal/x", status=404).text


def test_secrets_are_nowhere(console):
    tokens = console.tokens(scope="openid offline_access", audience=API)
    html = console.open("/journal/flows/1").html + console.get("/_mockidp/journal/flows/1/har").text
    assert "web-secret" not in html
    assert "Passw0rd!" not in html
    assert tokens["refresh_token"] not in html
