"""Pages as HTML text, and their texts."""
