"""The facts that limit a fault, and the users of the tests that compare them."""

ALICE, BOB = "auth0|alice", "auth0|bob"


def facts(context):
    """Return client, user, audience and grant of a context."""
    return (context.client, context.user, context.audience, context.grant)
