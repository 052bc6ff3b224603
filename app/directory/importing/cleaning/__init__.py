"""Making what feeds hold safe and plain. Pure: a value in, a value out; what cannot be used is None."""
