"""RemoteIdP controls two replicas as one mock, although each call reaches another one."""

from inspect import signature

import pytest
from interfaces.remote import test_remote_idp


@pytest.fixture
def idp(interface):
    return interface.idp


globals().update(
    (name, one)
    for name, one in vars(test_remote_idp).items()
    if name.startswith("test_")
    and "idp" in signature(one).parameters
    and "served" not in signature(one).parameters
)
