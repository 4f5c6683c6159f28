"""The rules of the exchange: pure functions over frozen dataclasses."""
