"""Histories brought in from other systems: tables become historic entries, by a mapping.

`language` is the mapping as values, `tables` what was read, `conversion` turns rows into entries
without touching the log, `bringing` records them, `report` tells of every row.
"""
