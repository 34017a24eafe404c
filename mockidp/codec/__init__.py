"""Records as tenant files, as JSON and as JSON Schema: one description of a type, two dialects."""
