"""Clients to play with: whole journeys, acted by the same functions as a case worker's acts.

Nothing here reads a file, a clock or chance of its own: the definition says what can happen, a
seeded `random.Random` what does, and a clock that the simulation moves says when. The rates at
which things happen are plausible, not claimed: they are no statement about any real programme.
"""
