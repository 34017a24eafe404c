"""Requests for sign-ups, verified addresses and new passwords."""


def sign_up(mock):
    """Return the request that signs a user up."""
    body = {
        "client_id": "acme-web", "connection": "Username-Password-Authentication",
        "email": "new@acme.example", "password": "Passw0rd!",
    }  # fmt: skip
    return lambda: mock.post("/dbconnections/signup", body)


def sign_up_page(mock):
    """Return the form of the page that signs a user up."""
    state = mock.login_page()
    form = {"state": state, "email": "new@acme.example", "password": "Passw0rd!"}
    return lambda: mock.post("/u/signup", form)


def verify_email(mock):
    """Return the request that verifies an address."""
    sign_up(mock)()
    link = mock.control("GET", "/outbox").json["items"][-1]["link"]
    return lambda: mock.get(link.removeprefix(mock.url).removesuffix("#"))


def request_reset(mock):
    """Return the request for a link to change a password."""
    body = {
        "client_id": "acme-web", "connection": "Username-Password-Authentication",
        "email": "bob@acme.example",
    }  # fmt: skip
    return lambda: mock.post("/dbconnections/change_password", body)


def reset(mock):
    """Return the request that changes a password."""
    request_reset(mock)()
    link = mock.control("GET", "/outbox").json["items"][-1]["link"]
    form = {"password-reset": "N3w-password", "re-enter-password": "N3w-password"}
    return lambda: mock.post(link.removeprefix(mock.url).removesuffix("#"), form)
