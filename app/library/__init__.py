"""The public face: search, service, topic and organisation pages, the shortlist."""
