"""What a request has sent."""
