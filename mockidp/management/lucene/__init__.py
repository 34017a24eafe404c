"""The documented subset of Lucene's query syntax, in which users and logs are searched."""
