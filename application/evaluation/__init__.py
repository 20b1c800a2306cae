"""What evaluators ask: small numbers, survival, comparisons; pure functions over values."""
