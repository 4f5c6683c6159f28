"""Alongside: independent advocacy for every child in a child protection conference."""
