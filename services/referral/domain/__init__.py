"""The rules of offering and finding an advocate, to be read aloud to a social worker."""
