"""The OpenAPI 3.1 document: small pieces beside the views that they describe, put together on request."""
