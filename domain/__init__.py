"""What a service pathway is: events, states, decisions and rules, as pure values."""
