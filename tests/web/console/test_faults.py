"""The page of the faults: add one with the words of its endpoint, watch its counts, remove it."""

import pytest

from helpers.html_page import Page
from mockidp.faults import Fault
from mockidp.faults.context import When
from mockidp.faults.vocabulary import PLACES
from mockidp.faults.words import WORDS

TOKEN = {"grant_type": "client_credentials", "client_id": "acme-web"}


def form(console, endpoint):
    """Return the names of the fields of the form that adds a fault."""
    console.open("/faults", endpoint=endpoint)
    [found] = [one for one in console.page.forms if one["form"].get("method") == "post"]
    return set(found["fields"]) - {"form_token", "endpoint"}


def test_without_faults_it_says_so(console):
    console.open("/faults")
    assert console.text("no-faults") == ["No fault is active. The tenant answers as Auth0 does."]
    assert console.text("remove-all") == []


def test_a_fault_with_words_is_added_and_fires(console):
    console.open("/faults", endpoint="token")
    console.follow_change(
        "/faults/add",
        error="invalid_grant",
        description="Unknown or invalid refresh token.",
        times="2",
        after="1",
        **{"when.client": "acme-web"},
    )
    [active] = console.tenant.faults
    assert active.fault == Fault(
        endpoint="token",
        error="invalid_grant",
        description="Unknown or invalid refresh token.",
        times=2,
        after=1,
        when=When(client="acme-web"),
    )
    for _ in range(2):
        console.post("/oauth/token", **TOKEN)
    console.open("/faults")
    [row] = console.text("fault")
    assert row.startswith("token: error invalid_grant token")
    assert "only client acme-web" in row
    assert "matched 2, fired 1, left: 1" in row


def test_a_fault_without_a_limit_has_no_number_left(console):
    console.tenant.faults.add(Fault(endpoint="*", delay=0.5))
    console.open("/faults")
    assert "left: no limit" in console.text("fault")[0]


@pytest.mark.parametrize("endpoint", ["token", "jwks", "callback", "id_token", "management", "*"])
def test_the_form_has_exactly_the_words_of_an_endpoint(console, endpoint):
    offered = form(console, endpoint)
    assert offered & set(WORDS) == {n for n, one in WORDS.items() if endpoint in one.places}
    assert {"name", "times", "after", "probability", "when.client", "when.grant"} <= offered


def test_all_endpoints_can_be_chosen(console):
    console.open("/faults")
    assert [console.page.text_of(one) for one in console.page.find("option")][: len(PLACES)] == [
        *PLACES
    ]


def test_an_unknown_endpoint_shows_the_form_of_the_token_endpoint(console):
    assert form(console, "nowhere") == form(console, "token")


def test_the_catalogue_explains_every_word(console):
    console.open("/faults")
    words = console.text("word")
    assert sorted(one.split()[0] for one in words) == sorted(WORDS)
    [rate_limit] = [one for one in words if one.startswith("rate_limit ")]
    assert "Answer 429 with Auth0's body" in rate_limit
    assert "Finds: The client retries at once instead of waiting" in rate_limit


def test_faults_are_removed_one_by_one_or_all_at_once(console):
    plan = console.tenant.faults
    for endpoint in ("authorize", "token", "jwks"):
        plan.add(Fault(endpoint=endpoint, status=503))
    console.open("/faults")
    console.follow_change("/faults/remove")
    assert [one.fault.endpoint for one in plan] == ["token", "jwks"]
    console.follow_change("/faults/remove-all")
    assert list(plan) == []


def test_removing_a_fault_twice_names_the_active_ones(console):
    console.tenant.faults.add(Fault(endpoint="token", status=503, name="down"))
    console.open("/faults")
    refused = console.send("/faults/remove", name="another")
    assert refused.status_code == 400
    assert "There is no fault 'another'. Known: down." in Page(refused.text).text


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"status": "many"}, "Send a number."),
        ({"status": "99"}, "Found the number 99, expected a number from 200 to 599."),
        ({"set": "{"}, "The text is not JSON"),
        ({"when.method": "BREW"}, "expected"),
        ({"status": "503", "error": "invalid_grant", "drop": "true"}, "drop"),
    ],
)
def test_mistakes_are_shown_and_what_was_typed_stays(console, sent, message):
    console.open("/faults", endpoint="token")
    refused = console.send("/faults/add", **sent)
    assert refused.status_code == 400
    page = Page(refused.text)
    assert message in page.text
    [added] = [one for one in page.forms if one["form"].get("data-testid") == "add-fault"]
    assert added["fields"]["endpoint"]["value"] == "token"
    assert len(console.tenant.faults) == 0


def test_an_endpoint_that_does_not_exist_is_refused(console):
    console.open("/faults")
    refused = console.send("/faults/add", endpoint="nowhere", status="503")
    assert refused.status_code == 400
    assert "nowhere" in Page(refused.text).text
    assert len(console.tenant.faults) == 0


def test_a_cleared_field_has_its_default(console):
    console.open("/faults", endpoint="token")
    console.follow_change("/faults/add", status="503", after="", probability="")
    [active] = console.tenant.faults
    assert active.fault == Fault(endpoint="token", status=503)


def test_faults_of_the_tenant_file_are_marked(console):
    console.tenant.faults.begin([Fault(endpoint="token", status=503)])
    console.open("/faults")
    assert "from the tenant file" in console.text("fault")[0]
