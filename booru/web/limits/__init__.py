"""How much a visitor may ask for: how often, how long, how dear.

Read rate_limits first; cost_limits and its debts, time_limits, and level_settings, which both read.
"""
