"""Keeps what a child wants a conference to know, brings it there, and that the child is told."""
