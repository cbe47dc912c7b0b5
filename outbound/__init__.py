"""The only way to the network: budgets, breakers, timeouts, statistics.

Reading order: `client` (what others call) follows redirects and retries; `exchange` is one attempt: `gate`
lets it through (`line`, `pauses`, `breaker`, `budget`, and the rules in `pacing`), `session` sends it (`guard`,
`attempt`), `reading`, `answers` and `walls` judge what came, `lessons` tell the source's row.
"""
