"""The flows: each takes a tenant and a request, and returns an answer or raises a `Refusal`."""
