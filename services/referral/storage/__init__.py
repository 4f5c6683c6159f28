"""Where referral keeps what it knows: the only SQL of this service."""
