"""Decides who is offered an advocate, follows the offer to its end, and finds the advocate."""
