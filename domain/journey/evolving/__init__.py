"""What each event does to a journey's state, in rooms by phase as the decisions are."""
