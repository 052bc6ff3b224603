"""Decisions about signposts and referrals: values in, verdict out."""
