"""A fault that a function narrows: only a tenant of this process can call one."""

from helpers.acme import API


def test_a_fault_is_narrowed_by_a_function(idp, wire):
    seen = []

    def is_second(context):
        seen.append((context.endpoint, context.client, context.grant))
        return len(seen) == 2

    idp.fault("token", when=is_second, error="invalid_client", description="Not today")
    statuses = [wire.machine_token(audience=API).status_code for _ in range(3)]
    assert [status < 400 for status in statuses] == [True, False, True]
    assert seen[0] == ("token", "m2m", "client_credentials")
