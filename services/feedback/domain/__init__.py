"""The rules of a child's own words: pure functions over frozen values."""
