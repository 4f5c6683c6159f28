"""The rules of the figures: pure functions over frozen values."""
