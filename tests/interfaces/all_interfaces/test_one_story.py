"""One scripted story on every face: journals and answers are equal but for the URLs."""

import json

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from helpers.app_under_test import API, CALLBACK, App, bearer


@pytest.fixture(scope="module")
def keys():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def tell(face, session):
    """Go through everything once; return the answers."""
    idp, app = face.idp, App(face.url, session)
    idp.clock.freeze("2030-01-31T12:00:00Z")
    answers = [session.get(f"{face.url}/.well-known/openid-configuration")]
    page = app.authorize()
    answers += [app.log_in(page, password="wrong"), app.log_in(page)]
    code = answers[-1].headers["Location"].partition("code=")[2].partition("&")[0]
    answers += [app.redeem(code), app.redeem(code)]
    tokens = answers[-2].json()
    answers += [
        session.get(f"{face.url}/userinfo", headers=bearer(tokens["access_token"])),
        app.token(grant_type="refresh_token", refresh_token=tokens["refresh_token"]),
        app.token(grant_type="client_credentials", audience=API),
        app.authorize(prompt="none"),
        app.authorize(redirect_uri="javascript:alert(1)"),
    ]
    link = idp.impersonation_link("bob", client="app", callback_url=CALLBACK, state="s")
    answers += [
        session.get(f"{link}&next=/admin", allow_redirects=False),
        session.get(link, allow_redirects=False),
        session.get(link, allow_redirects=False),
    ]
    idp.fault("token", error="temporarily_unavailable", times=1)
    answers += [app.token(grant_type="client_credentials", audience=API)]
    leave = {"client_id": "app", "returnTo": "http://localhost:3000/"}
    answers += [session.get(f"{face.url}/v2/logout", params=leave, allow_redirects=False)]
    return [describe(face, answer) for answer in answers], idp.journal.to_json()


def describe(face, answer):
    """Return all of an answer but its body and what names the connection or its scheme."""
    said = {name.lower(): value for name, value in answer.headers.items()}
    for name in ("connection", "content-length", "set-cookie"):
        said.pop(name, None)
    cookies = {name.removesuffix("-http"): value for name, value in answer.cookies.items()}
    return answer.status_code, said, cookies


def told_by(begin, keys):
    with begin(seed=7, keys=keys) as face, face.open_session() as session:
        answers, journal = tell(face, session)
        return json.loads(json.dumps([answers, journal]).replace(face.url, "URL"))


@pytest.fixture(scope="module")
def told_live(faces, keys):
    return told_by(faces["live"], keys)


@pytest.mark.parametrize("name", ["remote", "intercepted", "live_for_httpx", "transport"])
def test_it_is_told_as_a_server_tells_it(name, faces, keys, told_live):
    answers, journal = told_by(faces[name], keys)
    assert answers == told_live[0]
    assert journal == told_live[1]


def test_it_has_everything_in_it(told_live):
    answers, journal = told_live
    assert [status for status, _, _ in answers] == [
        *(200, 400, 302, 200, 403, 200, 200, 200, 302, 403, 401, 302, 401, 503, 302)
    ]
    assert len(json.loads(journal)) > len(answers)
