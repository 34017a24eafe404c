"""What a command that ran came to: accepted without a word of error, or refused with one line."""


def accepted(done):
    """Return what it printed."""
    assert (done.status, done.err) == (0, "")
    return done.out


def refused(done, status=1):
    """Return the line that says why."""
    assert (done.status, done.out) == (status, "")
    return done.err.splitlines()[-1].removeprefix("mockidp: ").removeprefix("Error: ")
