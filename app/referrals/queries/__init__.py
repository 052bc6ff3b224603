"""Reading pathways and referrals, always as far as the actor may see them."""
