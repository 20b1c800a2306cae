"""The log in the formats of other tools: pseudonymous, written journey by journey."""
