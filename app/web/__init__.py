"""What every page shares: blueprints with guards, one transaction a request, headers, errors, forms, languages."""
