"""The person being helped: who they are, how it is safe to reach them, what they permit, what they need."""
