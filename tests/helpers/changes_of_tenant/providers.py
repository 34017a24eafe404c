"""Requests at the page in place of an identity provider, and back from it."""

GOOGLE = {"name": "google-oauth2", "strategy": "google-oauth2"}


def pick(mock):
    """Return the request of a new user on the page."""
    mock.control("POST", "/connections", GOOGLE)
    state = mock.authorize(connection="google-oauth2").sent["state"]
    form = {"state": state, "action": "create", "email": "dana@gmail.example"}
    return lambda: mock.post("/u/login/provider", form)


def come_back(mock):
    """Return the request with the code of the identity provider."""
    location = pick(mock)().headers["Location"]
    return lambda: mock.get(location)
