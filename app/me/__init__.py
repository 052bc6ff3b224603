"""The person's own page: what happened, who was told, who looked, and what they permit."""
