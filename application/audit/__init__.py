"""What an auditor asks of the log: what was recorded, known and decided, when, and by whom.

Nothing here writes. What is computed comes from the entries alone, so that anybody who has them
comes to the same answer.
"""
