"""The indicators of outreach: official figures, what sessions add to them, and progress against the plan's targets.

The rules stand in docs/indicators.md. What an indicator or a period is, is content: it comes in by its shape alone.
"""
