"""What is issued: JWTs, their claims and keys, and the records of opaque artifacts."""
