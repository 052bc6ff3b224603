"""The topics and lay phrases as this place words them, on top of what is shipped."""
