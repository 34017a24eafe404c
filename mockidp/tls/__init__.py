"""A certificate authority, so that clients can use https with verification."""

from mockidp.tls.authority import HOSTS, Authority
from mockidp.tls.ca_files import UnusableDataDir
from mockidp.tls.trust import BUNDLE_FILE, CA_FILE, environment

__all__ = ["BUNDLE_FILE", "CA_FILE", "HOSTS", "Authority", "UnusableDataDir", "environment"]
