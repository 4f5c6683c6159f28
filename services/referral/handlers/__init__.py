"""What referral does when something happened, when something is due, and when a person asks."""
