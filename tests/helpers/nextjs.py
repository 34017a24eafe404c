"""The app with @auth0/nextjs-auth0 in a browser."""

URL = "http://localhost:3000"
API = "https://api.acme.example/"
CONNECTION = "Username-Password-Authentication"
REPORTS = "https://reports.acme.example/"
CLIENT = {
    "callbacks": [f"{URL}/auth/callback"],
    "refresh_token": {"policies": [{"audience": REPORTS, "scope": ["read:reports"]}]},
}


def click_link(visitor, link):
    """Click a link of the page."""
    visitor.page.get_by_role("link", name=link, exact=True).click()


def log_in(visitor):
    """Log in as alice."""
    visitor.open()
    visitor.wait_for_heading("Nobody")
    click_link(visitor, "Log in")
    visitor.pick_user("alice")
    visitor.wait_for_heading("Hello alice@acme.example")


def read_token(visitor, query=""):
    """Return the access token that the app shows."""
    answer = visitor.page.goto(f"{URL}/token{query}")
    assert answer.status == 200, answer.text()
    return answer.json()


def grants(visitor):
    """Return the grants of the token requests so far."""
    return [one["parameters"]["grant_type"] for one in visitor.journal(endpoint="token")]
