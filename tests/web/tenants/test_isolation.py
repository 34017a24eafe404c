"""Many tenants at once: what one of them hands out is worthless in every other."""

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
def crowd(first):
    """The first tenant, which all others are made like."""
    tenant = Tenant(DOCUMENT, seed=7)
    return type(first)(tenant=tenant, app=create_app(tenant), url=first.url)


class Loot:
    """What bob got out of one tenant at one place, none of it used up."""

    def __init__(self, face):
        self.face = face
        asked = face.authorize(scope="openid offline_access")
        entered = face.submit(asked.location, username="auth0|bob", action="pick")
        code = sent_to_callback(face.get(entered.location))["code"]
        granted = face.redeem(code).json
        self.refresh_token = face.refresh(granted["refresh_token"]).json.get(
            "refresh_token", granted["refresh_token"]
        )
        self.opaque = granted["access_token"]
        code = sent_to_callback(face.authorize(prompt="none", audience=API))["code"]
        self.jwt = face.redeem(code).json["access_token"]
        self.code = sent_to_callback(face.authorize(prompt="none"))["code"]
        self.cookie = face.browser.get_cookie(
            "auth0-http", domain=urlsplit(face.url).hostname, path=urlsplit(face.url).path or "/"
        ).value
        link = {"user": "bob", "impersonator": "bob", "client": "web", "state": "s"}
        made = face.post("/_mockidp/v1/impersonation-links", json_body=link)
        self.link = made.json["url"].removeprefix(face.url)
        waiting = face.at(face.url).authorize()
        self.login = dict(parse_qsl(urlsplit(waiting.location).query))["state"]

    def tried_at(self, face):
        """Return what it is worth at a place: nothing at all, or all of it."""
        silent = face.at(face.url)
        headers = {"Cookie": f"auth0-http={self.cookie}"}
        path = "/authorize?client_id=web&response_type=code&prompt=none&redirect_uri=" + CALLBACK
        asked = type(face)(tenant=face.tenant, app=face.app, url=face.url)
        asked.browser = type(face.browser)(face.app, use_cookies=False)
        return {
            "session": "code=" in asked.get(path, headers=headers).location,
            "opaque token": face.userinfo(self.opaque).status_code == 200,
            "JWT": face.userinfo(self.jwt).status_code == 200,
            "code": face.redeem(self.code).status_code == 200,
            "refresh token": face.refresh(self.refresh_token).status_code == 200,
            "login": silent.get(f"/u/login?state={self.login}").status_code == 200,
            "link": silent.get(self.link).status_code == 302,
        }


def at_once(act, things):
    """Call a function with each, all at one time."""
    things = list(things)
    barrier = Barrier(len(things))

    def run(thing):
        barrier.wait(timeout=30)
        return act(thing)

    with ThreadPoolExecutor(len(things)) as pool:
        return list(pool.map(run, things))


def kinds(crowd):
    snapshot = {"snapshot": crowd.get("/_mockidp/v1/snapshot").json}
    return {
        "documents": {},
        "one seed": {"seed": 7},
        "one snapshot": snapshot,
        "one snapshot and seed": {**snapshot, "seed": 7},
    }


@pytest.mark.parametrize("kind", ["documents", "one seed", "one snapshot", "one snapshot and seed"])
def test_tokens_of_one_tenant_are_invalid_in_another(crowd, kind):
    like = kinds(crowd)[kind]
    made = [crowd.make(name=f"w{n}", **like) for n in range(MANY)]
    # Every other one by its host: those have all their paths in common.
    own = [crowd.at(one["host_url" if n % 2 else "url"]) for n, one in enumerate(made)]
    loot = at_once(Loot, own)

    def rob(number):
        others = [made[(number + step) % MANY] for step in (1, 2)]
        places = [one[place] for one in others for place in ("url", "host_url")]
        return [
            (name, place)
            for place in [*places, crowd.url]
            for name, is_good in loot[number].tried_at(crowd.at(place)).items()
            if is_good
        ]

    assert [found for found in at_once(rob, range(MANY)) if found] == []
    worth = at_once(lambda number: loot[number].tried_at(own[number]), range(MANY))
    assert [[name for name, is_good in one.items() if not is_good] for one in worth] == [[]] * MANY


def test_tokens_of_the_first_tenant_are_invalid_in_the_others(crowd):
    made = [crowd.make(name=f"w{n}") for n in range(4)]
    loot = Loot(crowd)
    for one in made:
        for place in ("url", "host_url"):
            assert not any(loot.tried_at(crowd.at(one[place])).values())
    assert all(loot.tried_at(crowd).values())


def test_it_is_one_tenant_by_path_and_by_host(crowd):
    made = crowd.make(name="one")
    loot = Loot(crowd.at(made["url"]))
    by_host = crowd.at(made["host_url"])
    assert by_host.userinfo(loot.opaque).status_code == 200
    assert by_host.refresh(loot.refresh_token).status_code == 200
    # A link is for the URL that it was made with: each place has its own.
    assert by_host.get(loot.link).status_code == 401
    assert Loot(by_host).tried_at(by_host)["link"]


def test_a_tenant_deleted_in_the_middle_of_logins_answers_404_and_never_500(crowd):
    made = [crowd.make(name=f"w{n}") for n in range(MANY)]

    def log_in(number):
        face = crowd.at(made[number]["host_url" if number % 2 else "url"])
        statuses = []
        for _ in range(4):
            statuses.append(face.authorize().status_code)
            token = face.post("/_mockidp/v1/tokens", json_body={"user": "bob"})
            sent = token.json.get("access_token", "gone")
            statuses += [token.status_code, face.get("/userinfo", headers=bearer(sent)).status_code]
            if number % 3 == 0:
                crowd.app.additional.remove(f"w{number + 1}")
        return statuses

    answers = at_once(log_in, range(MANY))
    assert {status for each in answers for status in each} <= {200, 302, 401, 404}
    assert all(404 not in answers[number] for number in range(MANY) if number % 3 != 1)
    kept = [f"w{number}" for number in range(MANY) if number % 3 != 1]
    assert [one.name for one in crowd.app.additional.all()] == kept


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


def test_another_host_below_localhost_is_the_first_tenant(first):
    first.make(name="one")
    assert first.at("http://other.localhost:9400").get("/.well-known/jwks.json").status_code == 200
