"""What reports decide without a database."""
