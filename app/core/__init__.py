"""What every feature stands on, and what knows nothing of Flask."""
