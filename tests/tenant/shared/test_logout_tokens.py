"""The delivery of logout tokens by mocks that share a tenant on Redis."""

import threading

import pytest

from helpers.backchannel_app import BackchannelApp
from helpers.waiting import SOON
from mockidp.tenant.logout.tokens import LogoutToken


@pytest.fixture
def app():
    with BackchannelApp().served() as app:
        yield app


def deliver(tenant, app, meanwhile):
    """Send a logout token to an app. Return how many it has received in the end.

    Args:
        tenant: The tenant.
        app: The app.
        meanwhile: Called before the delivery begins.
    """
    sent = LogoutToken(
        number=0, at=0.0, token="a.b.c", client_id="acme-web", user_id="auth0|alice", sid="s",
        initiator="rp-logout", url=app.url,
    )  # fmt: skip
    tenant.logout_delivery.pauses = ()
    with tenant.logout_delivery.held():
        tenant.logout_delivery.send(sent, ())
        meanwhile()
    for thread in threading.enumerate():
        if thread.name == "mockidp logout":
            thread.join(SOON)
            assert not thread.is_alive()
    return len(app.posted)


def test_no_token_of_a_tenant_is_sent_after_another_mock_has_deleted_it(mocks, app, caplog):
    one, other = mocks
    one.make(name="shop")
    shop = other.app.additional.get("shop").tenant
    canceled = shop.logout_delivery._canceled
    assert deliver(shop, app, lambda: None) == 1
    assert not canceled.is_set()
    assert deliver(shop, app, lambda: one.control("DELETE", "/tenants/shop")) == 1
    assert canceled.is_set(), "the other deliveries end, too"
    assert "has ended" not in caplog.text


def test_a_token_is_sent_once_although_redis_has_failed_since(mocks, app, server, caplog):
    assert deliver(mocks[0].tenant, app, server.stop) == 1
    assert "the delivery of a logout token has ended" in caplog.text, "its result is not stored"
