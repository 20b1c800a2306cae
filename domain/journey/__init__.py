"""One client's way through one programme: one event stream."""
