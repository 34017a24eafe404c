"""Organizations with their members, connections, clients and invitations."""
