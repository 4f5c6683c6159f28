"""Referral over HTTP: offers and their answers, allocations, advocates."""
