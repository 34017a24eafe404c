"""The fixture that collects secrets does not change what the mock computes."""

from types import SimpleNamespace

from helpers.checked_traces import keep


def test_each_caller_gets_its_own_result_although_another_thread_is_as_far(monkeypatch):
    owner = SimpleNamespace(make=lambda name: f"{name}'s code")

    class OvertakenOnce(list):
        """A list to which another caller appends right after the first one."""

        def append(self, one):
            super().append(one)
            if len(self) == 1:
                owner.make("bob")

    kept = OvertakenOnce()
    keep(monkeypatch, owner, "make", kept)
    assert owner.make("alice") == "alice's code"
    assert kept == ["alice's code", "bob's code"]
