"""Demo data: a fictional town and its directory. Loaded only when asked for."""
