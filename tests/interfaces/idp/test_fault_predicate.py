"""A fault with a predicate. Only a tenant in the same process can call one."""

from helpers.acme import API


def test_a_predicate_selects_the_exchanges_of_a_fault(idp, wire):
    seen = []

    def is_second(context):
        seen.append((context.endpoint, context.client, context.grant))
        return len(seen) == 2

    idp.fault("token", when=is_second, error="invalid_client", description="Not today")
    statuses = [wire.machine_token(audience=API).status_code for _ in range(3)]
    assert [status < 400 for status in statuses] == [True, False, True]
    assert seen[0] == ("token", "m2m", "client_credentials")
