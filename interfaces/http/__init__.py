"""The case-worker API: HTTP for case workers, clients, auditors and other programs."""
