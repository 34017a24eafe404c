"""Mistakes that mypy finds in a typed test, each with its error.

Strict mypy reports an unused `type: ignore` if it no longer finds an error. This file is not run.
"""

from __future__ import annotations

import mockidp
from mockidp import JournalEntry, MockIdP, RemoteIdP, User

idp = MockIdP()


# --- unknown arguments ---

MockIdP(tls_port=1)  # type: ignore[call-arg]
MockIdP(settings={"profil": "oidc"})  # type: ignore[arg-type]
idp.add_user("carol", emial="carol@acme.example")  # type: ignore[call-arg]
idp.add_client("web", callback=["http://localhost/"])  # type: ignore[call-arg]
idp.add_api("https://api.example/", scope="read:x")  # type: ignore[call-arg]
idp.patch_user("carol", emial="x")  # type: ignore[call-arg]
idp.patch_user("carol", blocked="no")  # type: ignore[arg-type]
idp.add_client_grant(client="web")  # type: ignore[call-arg]
idp.add_role("editor", permissions=[{"permission_name": "x"}])  # type: ignore[typeddict-item]
idp.remove_organization()  # type: ignore[call-arg]
idp.revoke_key(1)  # type: ignore[arg-type]
idp.add_claim("plan", form="user.email")  # type: ignore[call-arg]
idp.access_token(aud="https://api.example/")  # type: ignore[call-arg]
idp.access_token(audience="x", delay=1)  # type: ignore[call-arg]
idp.impersonation_link("alice", redirect_uri="x")  # type: ignore[call-arg]
idp.fault("token", statsu=500)  # type: ignore[call-arg]
idp.fault("token", status=500, when={"cleint": "web"})  # type: ignore[arg-type]
idp.journal.of("token", clinet="web")  # type: ignore[call-arg]
idp.assert_signed_in("alice", state="s")  # type: ignore[call-arg]
mockidp.MockIdp  # type: ignore[attr-defined]  # noqa: B018 - mypy is tested

# --- values of a wrong type ---

MockIdP(7)  # type: ignore[arg-type]
MockIdP(seed="7")  # type: ignore[arg-type]
MockIdP(settings={"profile": "okta"})  # type: ignore[arg-type]
idp.add_user("carol", blocked="no")  # type: ignore[arg-type]
idp.add_client("web", callbacks="http://localhost/")  # type: ignore[arg-type]
idp.add_client("web", refresh_token={"leeway": "3"})  # type: ignore[typeddict-item]
idp.add_api("https://api.example/", scopes=[7])  # type: ignore[list-item]
idp.add_claim("plan", value=1, in_="idtoken")  # type: ignore[arg-type]
idp.access_token(audience=7)  # type: ignore[arg-type]
idp.access_token(audience="x", alg="RS512")  # type: ignore[arg-type]
idp.access_token(audience="x", expires_in="60")  # type: ignore[arg-type]
idp.id_token(user=None)  # type: ignore[arg-type]
idp.id_token(user="alice", wrong="state of affairs")  # type: ignore[arg-type]
idp.fault("tokn", status=500)  # type: ignore[arg-type]
idp.fault("token", status="500")  # type: ignore[arg-type]
idp.fault("token", refuse="code_usd")  # type: ignore[arg-type]
idp.fault("token", status=500, when=lambda: True)  # type: ignore[misc, arg-type]
idp.clock.freeze(b"2030")  # type: ignore[arg-type]
idp.restore(None)  # type: ignore[arg-type]
idp.assert_token_requested(times="1")  # type: ignore[arg-type]

# --- missing arguments, and results of another type ---

idp.id_token()  # type: ignore[call-arg]
idp.fault()  # type: ignore[call-arg]
user: User = idp.add_client("web")  # type: ignore[assignment]
entry: JournalEntry = idp.journal.last("token")  # type: ignore[assignment]
idp.url = "http://localhost/"  # type: ignore[misc]
user.email = "other@acme.example"  # type: ignore[misc]

# --- the same for a running mock ---

remote = RemoteIdP("http://localhost:9400")
RemoteIdP()  # type: ignore[call-arg]
RemoteIdP("http://localhost:9400", control_token="x")  # type: ignore[call-arg]
RemoteIdP(9400)  # type: ignore[arg-type]
remote.add_user("carol", emial="carol@acme.example")  # type: ignore[call-arg]
remote.add_client("web", callbacks="http://localhost/")  # type: ignore[arg-type]
remote.access_token(audience="x", alg="RS512")  # type: ignore[arg-type]
remote.fault("tokn", status=500)  # type: ignore[arg-type]
remote.fault("token", statsu=500)  # type: ignore[call-arg]
remote.journal.of("token", clinet="web")  # type: ignore[call-arg]
remote.assert_signed_in("alice", state="s")  # type: ignore[call-arg]
remote.restore(None)  # type: ignore[arg-type]
remote.url = "http://localhost/"  # type: ignore[misc]
