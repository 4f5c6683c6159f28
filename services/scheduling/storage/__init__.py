"""Where scheduling keeps what it plans; the only SQL of this service."""
