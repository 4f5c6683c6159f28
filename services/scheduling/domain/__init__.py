"""The rules of visits and reminders: pure functions over frozen values."""
