"""The exchange's tables and the only SQL about them."""
