"""Ways to reach a mock other than its own server: interception of requests, a remote mock."""
