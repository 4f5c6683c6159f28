"""The exchange's doors: JSON for programs, pages for people."""
