"""The directory: organisations, services and places in the terms of Open Referral UK 3.0 (HSDS-UK-3.0)."""
