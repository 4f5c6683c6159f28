"""The tests, a package so that they can share their world and so that no other `tests` is found."""
