"""Each entry has the number of its flow, found by what the exchanges make and use."""

import json
from collections import Counter

import pytest

from helpers.acme import API
from helpers.devices import DEVICES, Device, log_in
from helpers.tenant_client import TenantClient, bearer
from mockidp.tenant.journal.flow_index import API_V1_SECONDS, CODE, MAX_THINGS, FlowIndex, thing

LINK = {
    "protocol": "oauth2",
    "impersonator_id": "auth0|bob",
    "client_id": "web",
    "additionalParameters": {"state": "s", "response_type": "code", "scope": "openid"},
}


def flows(idp):
    """Return the endpoints of each flow, and the flow that it continues."""
    found = {}
    for entry in idp.tenant.journal:
        endpoints, _ = found.setdefault(entry.flow, ([], entry.continues))
        endpoints.append(entry.endpoint)
    return {number: (" ".join(endpoints), origin) for number, (endpoints, origin) in found.items()}


def v1_token(idp):
    answer = idp.token(client_id="global", grant_type="client_credentials")
    return answer.json["access_token"]


def ask_for_link(idp, token, **changed):
    path = "/users/auth0%7Calice/impersonate"
    return idp.post(path, headers=bearer(token), json_body=LINK | changed)


def open_link(idp, url):
    target = url.removeprefix(idp.url)
    return idp.request("GET", target, environ_overrides={"REQUEST_URI": target})


def test_a_login_and_its_code_are_one_flow(idp):
    idp.tokens(scope="openid")
    assert flows(idp) == {1: ("authorize login login resume token", None)}


def test_two_logins_at_the_same_time_are_two_flows(idp):
    other = idp.another_browser()
    first, second = idp.authorize(), other.authorize()
    other.log_in(second.location)
    idp.log_in(first.location)
    assert Counter(one.flow for one in idp.tenant.journal) == {1: 3, 2: 3}


def test_a_refused_page_and_a_code_used_twice_belong_to_the_login(idp):
    page = idp.authorize().location
    idp.submit(page, username="alice@acme.example", password="wrong", action="default")
    answer = idp.log_in(page)
    code = answer.location.partition("code=")[2].partition("&")[0]
    idp.redeem(code)
    idp.redeem(code)
    idp.get(page)
    assert set(flows(idp)) == {1}


def test_things_that_the_tenant_has_not_made_join_nothing(idp):
    for _ in range(2):
        idp.redeem("unknown")
        idp.get("/u/login", state="unknown")
    assert set(flows(idp)) == {1, 2, 3, 4}


def test_a_session_begins_a_flow_that_continues_the_login(idp):
    idp.callback()
    idp.callback()
    idp.get("/v2/logout", client_id="web")
    assert list(flows(idp).values())[1:] == [("authorize", 1), ("logout", 1)]


def test_refreshes_are_a_flow_that_continues_the_login(idp):
    tokens = idp.tokens(scope="openid offline_access", audience=API)
    again = idp.refresh(tokens["refresh_token"])
    idp.refresh(again.json.get("refresh_token", tokens["refresh_token"]))
    assert list(flows(idp).values())[1:] == [("token token", 1)]


def test_a_link_is_one_flow_with_its_token_and_its_code(idp):
    url = ask_for_link(idp, v1_token(idp)).text
    refused = open_link(idp, f"{url}&next=/admin")
    assert refused.status_code == 401
    code = open_link(idp, url).location.partition("code=")[2].partition("&")[0]
    idp.redeem(code)
    open_link(idp, url)
    assert flows(idp) == {
        1: ("token impersonate impersonation_link impersonation_link token impersonation_link", None),
    }  # fmt: skip


def test_the_v1_token_joins_the_first_request_that_uses_it(idp):
    token = v1_token(idp)
    ask_for_link(idp, token, client_id="nobody")
    ask_for_link(idp, token)
    assert [one.flow for one in idp.tenant.journal] == [1, 1, 3]


@pytest.mark.parametrize(("seconds", "joined"), [(API_V1_SECONDS, True), (6, False)])
def test_the_v1_token_joins_for_five_seconds(idp, seconds, joined):
    token = v1_token(idp)
    idp.later(seconds)
    ask_for_link(idp, token)
    assert [one.flow for one in idp.tenant.journal] == [1, 1 if joined else 2]


def test_a_device_and_its_browser_are_one_flow():
    idp = TenantClient(DEVICES)
    device = Device(idp)
    device.poll()
    log_in(idp, device.user_code)
    device.tokens()
    entries = list(idp.tenant.journal)
    assert {one.flow for one in entries if "success" not in one.url} == {1}
    assert (entries[0].endpoint, entries[-1].endpoint) == ("device_code", "token")


def test_other_exchanges_are_flows_of_one(idp):
    idp.machine_token(audience=API)
    idp.get("/.well-known/jwks.json")
    assert list(flows(idp)) == [1, 2]


def test_flows_are_forgotten_when_the_journal_is_cleared(idp):
    tokens = idp.tokens(scope="openid offline_access")
    code = idp.callback()["code"]
    idp.tenant.journal.clear()
    idp.get("/.well-known/jwks.json")
    idp.redeem(code)
    idp.refresh(tokens["refresh_token"])
    assert [(one.flow, one.continues) for one in idp.tenant.journal] == [
        (1, None), (2, None), (3, None),
    ]  # fmt: skip


def test_the_ids_that_join_exchanges_are_not_shown(idp):
    code = idp.callback()["code"]
    idp.redeem(code)
    shown = idp.tenant.journal.to_json()
    assert code not in shown
    assert code[:8] in shown


def test_flows_can_be_read_over_the_control_api(idp):
    idp.tokens(scope="openid")
    idp.get("/.well-known/jwks.json")
    answer = idp.get("/_mockidp/v1/journal", flow=1)
    assert {one["flow"] for one in answer.json["items"]} == {1}
    assert len(answer.json["items"]) == 5
    assert json.loads(idp.tenant.journal.to_json())[-1]["flow"] == 6


def test_only_the_latest_things_are_kept():
    index = FlowIndex()
    for number in range(1, MAX_THINGS + 2):
        made = thing(CODE, f"code {number}", is_new=True)
        refreshed = thing("refresh_family", f"family {number}", is_new=False)
        index.place(number, 0.0, [made, refreshed])

    def flow_of(kind, text):
        return index.place(9999, 0.0, [thing(kind, text, is_new=False)]).flow

    assert (flow_of(CODE, "code 1"), flow_of(CODE, "code 2")) == (9999, 2)
    assert flow_of("refresh_family", f"family {MAX_THINGS}") == MAX_THINGS
    assert flow_of("refresh_family", "family 1") == 9999
