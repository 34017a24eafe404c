"""The second factor of a login: the step, its pages and its codes."""
