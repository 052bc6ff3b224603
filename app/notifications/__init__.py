"""The worker and its sweeps: what is due is done, again and again, by as many workers as run."""
