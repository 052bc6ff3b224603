"""Who gets in: users, the organisations they work for, what they may do there, and their sessions."""
