"""Where people and programs meet Polku."""
