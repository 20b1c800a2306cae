"""What evaluators ask of the log: figures of any day, and what another rule would have done."""
