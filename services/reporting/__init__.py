"""Turns all of it into figures: what was offered, what became of it, and what is late."""
