"""Check the outcome of a command: success without errors, or a refusal with one line."""


def accepted(done):
    """Return the output of a successful command."""
    assert (done.status, done.err) == (0, "")
    return done.out


def refused(done, status=1):
    """Return the error line of a refused command."""
    assert (done.status, done.out) == (status, "")
    return done.err.splitlines()[-1].removeprefix("mockidp: ").removeprefix("Error: ")
