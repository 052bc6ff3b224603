"""Decisions of advice: values in, verdict out."""
