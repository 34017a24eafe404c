"""Many tenants at once: the tokens of one are not valid in another."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, Event, Thread
from urllib.parse import parse_qsl, urlsplit

import pytest

from helpers.acme import ACME, API, CALLBACK
from helpers.tenant_client import bearer, sent_to_callback
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

URL = "http://localhost:9400"
MANY = 12
DOCUMENT = replace(ACME, roles=(), users=ACME.users[1:2])


@pytest.fixture
def first_of_many(first):
    """The first tenant, which all others are copies of."""
    tenant = Tenant(DOCUMENT, seed=7)
    return type(first)(tenant=tenant, app=create_app(tenant), url=first.url)


class Credentials:
    """Bob's code, tokens and cookies of one tenant, all unused."""

    def __init__(self, tenant_client):
        self.tenant_client = tenant_client
        login_page = tenant_client.authorize(scope="openid offline_access")
        entered = tenant_client.submit(login_page.location, username="auth0|bob", action="pick")
        code = sent_to_callback(tenant_client.get(entered.location))["code"]
        granted = tenant_client.redeem(code).json
        self.refresh_token = tenant_client.refresh(granted["refresh_token"]).json.get(
            "refresh_token", granted["refresh_token"]
        )
        self.opaque = granted["access_token"]
        code = sent_to_callback(tenant_client.authorize(prompt="none", audience=API))["code"]
        self.jwt = tenant_client.redeem(code).json["access_token"]
        self.code = sent_to_callback(tenant_client.authorize(prompt="none"))["code"]
        self.cookie = tenant_client.browser.get_cookie(
            "auth0-http",
            domain=urlsplit(tenant_client.url).hostname,
            path=urlsplit(tenant_client.url).path or "/",
        ).value
        link = {"user": "bob", "impersonator": "bob", "client": "web", "state": "s"}
        made = tenant_client.post("/_mockidp/v1/impersonation-links", json_body=link)
        self.link = made.json["url"].removeprefix(tenant_client.url)
        waiting = tenant_client.at(tenant_client.url).authorize()
        self.login = dict(parse_qsl(urlsplit(waiting.location).query))["state"]

    def accepted_at(self, tenant_client):
        """Return for each of them whether a tenant accepts it."""
        silent = tenant_client.at(tenant_client.url)
        headers = {"Cookie": f"auth0-http={self.cookie}"}
        path = "/authorize?client_id=web&response_type=code&prompt=none&redirect_uri=" + CALLBACK
        without_cookies = type(tenant_client)(
            tenant=tenant_client.tenant, app=tenant_client.app, url=tenant_client.url
        )
        without_cookies.browser = type(tenant_client.browser)(tenant_client.app, use_cookies=False)
        return {
            "session": "code=" in without_cookies.get(path, headers=headers).location,
            "opaque token": tenant_client.userinfo(self.opaque).status_code == 200,
            "JWT": tenant_client.userinfo(self.jwt).status_code == 200,
            "code": tenant_client.redeem(self.code).status_code == 200,
            "refresh token": tenant_client.refresh(self.refresh_token).status_code == 200,
            "login": silent.get(f"/u/login?state={self.login}").status_code == 200,
            "link": silent.get(self.link).status_code == 302,
        }


def at_once(act, things):
    """Call a function with each item, all at the same time."""
    things = list(things)
    barrier = Barrier(len(things))

    def run(thing):
        barrier.wait(timeout=30)
        return act(thing)

    with ThreadPoolExecutor(len(things)) as pool:
        return list(pool.map(run, things))


def kinds(first_of_many):
    snapshot = {"snapshot": first_of_many.get("/_mockidp/v1/snapshot").json}
    return {
        "documents": {},
        "one seed": {"seed": 7},
        "one snapshot": snapshot,
        "one snapshot and seed": {**snapshot, "seed": 7},
    }


@pytest.mark.parametrize("kind", ["documents", "one seed", "one snapshot", "one snapshot and seed"])
def test_tokens_of_one_tenant_are_invalid_in_another(first_of_many, kind):
    like = kinds(first_of_many)[kind]
    made = [first_of_many.make(name=f"w{n}", **like) for n in range(MANY)]
    # Every other tenant by its host, where all tenants have the same paths.
    own = [first_of_many.at(one["host_url" if n % 2 else "url"]) for n, one in enumerate(made)]
    credentials = at_once(Credentials, own)

    def rob(number):
        others = [made[(number + step) % MANY] for step in (1, 2)]
        places = [one[place] for one in others for place in ("url", "host_url")]
        return [
            (name, place)
            for place in [*places, first_of_many.url]
            for name, is_good in credentials[number].accepted_at(first_of_many.at(place)).items()
            if is_good
        ]

    assert [found for found in at_once(rob, range(MANY)) if found] == []
    accepted = at_once(lambda number: credentials[number].accepted_at(own[number]), range(MANY))
    assert [[name for name, is_good in one.items() if not is_good] for one in accepted] == [
        []
    ] * MANY


def test_tokens_of_the_first_tenant_are_invalid_in_the_others(first_of_many):
    made = [first_of_many.make(name=f"w{n}") for n in range(4)]
    credentials = Credentials(first_of_many)
    for one in made:
        for place in ("url", "host_url"):
            assert not any(credentials.accepted_at(first_of_many.at(one[place])).values())
    assert all(credentials.accepted_at(first_of_many).values())


def test_it_is_one_tenant_by_path_and_by_host(first_of_many):
    made = first_of_many.make(name="one")
    credentials = Credentials(first_of_many.at(made["url"]))
    by_host = first_of_many.at(made["host_url"])
    assert by_host.userinfo(credentials.opaque).status_code == 200
    assert by_host.refresh(credentials.refresh_token).status_code == 200
    # A link is only valid at the URL for which it was created.
    assert by_host.get(credentials.link).status_code == 401
    assert Credentials(by_host).accepted_at(by_host)["link"]


def test_a_tenant_deleted_in_the_middle_of_logins_answers_404_and_never_500(first_of_many):
    made = [first_of_many.make(name=f"w{n}") for n in range(MANY)]

    def log_in(number):
        tenant_client = first_of_many.at(made[number]["host_url" if number % 2 else "url"])
        statuses = []
        for _ in range(4):
            statuses.append(tenant_client.authorize().status_code)
            token = tenant_client.post("/_mockidp/v1/tokens", json_body={"user": "bob"})
            sent = token.json.get("access_token", "gone")
            statuses += [
                token.status_code,
                tenant_client.get("/userinfo", headers=bearer(sent)).status_code,
            ]
            if number % 3 == 0:
                first_of_many.app.additional.remove(f"w{number + 1}")
        return statuses

    answers = at_once(log_in, range(MANY))
    assert {status for each in answers for status in each} <= {200, 302, 401, 404}
    assert all(404 not in answers[number] for number in range(MANY) if number % 3 != 1)
    kept = [f"w{number}" for number in range(MANY) if number % 3 != 1]
    assert [one.name for one in first_of_many.app.additional.all()] == kept


def test_tenants_are_created_and_deleted_during_requests_to_others(first):
    answers, done = [], Event()

    def ask():
        while not done.is_set():
            answers.append(first.at(URL).get("/_mockidp/v1/tenants").status_code)
            answers.append(first.at(f"{URL}/t/w7").get("/.well-known/jwks.json").status_code)
            answers.append(
                first.at("http://w7.localhost:9400").get("/.well-known/jwks.json").status_code
            )

    asking = [Thread(target=ask) for _ in range(4)]
    first.app.additional.add("w7", Tenant(), max_age=60)
    for thread in asking:
        thread.start()
    for number in range(300):
        name = f"w{number % 10}"
        if not first.app.additional.remove(name):
            first.app.additional.add(name, first.tenant, max_age=60)
    done.set()
    for thread in asking:
        thread.join()
    assert set(answers) <= {200, 404}
    assert 200 in answers
