"""What other systems read: the Open Referral UK feed, the JSON search, their OpenAPI document, health and metrics."""
