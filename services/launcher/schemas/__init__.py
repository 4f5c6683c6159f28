"""Writes `schemas/` from the models, so that partners need neither Python nor our word."""
