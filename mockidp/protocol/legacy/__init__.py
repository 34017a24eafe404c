"""What only old clients use."""
