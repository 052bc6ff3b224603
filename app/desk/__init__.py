"""The home of staff: what waits for each role, gathered from the features."""
