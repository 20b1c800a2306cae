"""The steps that the tables have taken, oldest first. A step that was released never changes."""
