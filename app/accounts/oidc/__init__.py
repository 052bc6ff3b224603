"""OpenID Connect as the side that asks: finding a provider, exchanging a code, and believing an ID token or not.

No Flask and no database: values in, claims or a `ProviderProblem` out. No transaction may be open meanwhile.
"""
