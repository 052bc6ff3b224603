"""Decisions about a person's record: values in, verdict out."""
