"""Options for pytest in a process that a test starts."""

from importlib.metadata import entry_points


def block_plugins(*kept):
    """Return options that block all installed plugins, except for mockidp and those in `kept`.

    Importing them takes longer than most of the tests that need none of them.
    """
    names = {"cacheprovider", *entry_points(group="pytest11").names}
    return [f"-pno:{name}" for name in sorted(names - {"mockidp", *kept})]
