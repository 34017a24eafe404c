"""What `mockidp serve` consists of."""
