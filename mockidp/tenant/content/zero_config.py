"""The tenant that is used without a tenant file, and the only lenient one.

It accepts any client id and secret, any loopback callback and any audience, has three users, and
does not block users after wrong passwords.
"""

from __future__ import annotations

from mockidp.protocol.login.attack_protection import AttackProtection, BruteForceProtection
from mockidp.protocol.oauth.grant_types import CLIENT_CREDENTIALS
from mockidp.resources.client import Client
from mockidp.resources.connection import DEFAULT_CONNECTION
from mockidp.resources.user import User
from mockidp.tenant.content.document import TenantDocument
from mockidp.tenant.content.settings import Settings
from mockidp.tenant.content.tenant_settings import TenantSettings
from mockidp.tenant.content.try_client import TEST_CLIENT

PASSWORD = "Passw0rd!"


def _user(name: str) -> User:
    return User(
        user_id=f"auth0|{name}",
        email=f"{name}@acme.example",
        email_verified=True,
        name=name.capitalize(),
        nickname=name,
        password=PASSWORD,
    )


ZERO_CONFIG = TenantDocument(
    tenant=TenantSettings(friendly_name="mockidp", default_directory=DEFAULT_CONNECTION),
    clients=(
        Client(
            client_id="acme-global",
            name="Global Client",
            client_secret="acme-global-secret",
            is_global=True,
            app_type="non_interactive",
            grant_types=(CLIENT_CREDENTIALS,),
        ),
        TEST_CLIENT,
    ),
    attack_protection=AttackProtection(brute_force_protection=BruteForceProtection(enabled=False)),
    users=(_user("alice"), _user("bob"), _user("admin")),
    mockidp=Settings(accept_any_client=True, accept_any_audience=True),
)
