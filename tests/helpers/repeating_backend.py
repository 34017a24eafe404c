"""A backend in memory that runs each transaction twice, as one on Redis may."""

from contextlib import contextmanager

from mockidp.storage.memory import MemoryBackend
from mockidp.tenant.tenant import Tenant


class RepeatingBackend(MemoryBackend):
    """Runs each transaction twice, and undoes no change of the first time.

    Attributes:
        refusal: Raised instead of a transaction.
    """

    def __init__(self):
        super().__init__()
        self.refusal = None
        self._actions = None

    def run(self, action):
        if self._actions is not None:
            return action()
        if self.refusal is not None:
            raise self.refusal
        try:
            for _ in range(2):
                self._actions = []
                answer = action()
            actions = self._actions
        finally:
            self._actions = None
        for one in actions:
            one()
        return answer

    def after_commit(self, action):
        if self._actions is None:
            action()
        else:
            self._actions.append(action)

    @contextmanager
    def separately(self):
        outer, self._actions = self._actions, []
        yield
        for one in self._actions:
            one()
        self._actions = outer

    def wait_until(self, is_done, _seconds):
        return is_done()


def repeating_tenant(document):
    tenant = Tenant(document, backend=RepeatingBackend())
    tenant.restore(tenant.at_start)
    return tenant
