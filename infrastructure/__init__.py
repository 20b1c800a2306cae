"""What the application stands on: log, definitions, settings."""
