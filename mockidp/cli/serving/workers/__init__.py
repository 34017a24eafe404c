"""Worker processes of `mockidp serve --workers`, which accept from the same ports."""
