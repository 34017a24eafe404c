"""From a request to the tenant that answers it."""
