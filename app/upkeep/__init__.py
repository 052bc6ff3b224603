"""Looking after a Waymark: backup, restore, and the doctor."""
