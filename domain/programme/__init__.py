"""A programme: a service model that organisations run together, with every version of it."""
