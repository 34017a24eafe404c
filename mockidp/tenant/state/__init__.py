"""The stores of a tenant, and snapshots of them."""
