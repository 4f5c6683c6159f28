"""The first quarter of a real service, played with families that never were: the demo."""
