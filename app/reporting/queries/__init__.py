"""What reports count, one module a report."""
