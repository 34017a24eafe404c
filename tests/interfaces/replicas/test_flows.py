"""The flows of all interfaces also work if each request reaches another replica than the last one."""

from interfaces.all_interfaces import test_flows

app = test_flows.app
globals().update((name, one) for name, one in vars(test_flows).items() if name.startswith("test_"))
