"""What the exchange does on commands and events, by topic: load, ask a rule, save, say."""
