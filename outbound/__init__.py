"""The only way to the network: budgets, breakers, timeouts, statistics."""
