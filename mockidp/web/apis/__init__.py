"""The JSON APIs whose operations other packages have."""
