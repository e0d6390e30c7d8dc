"""What follows when a job has ended.

Read hooks, then alerts.
"""
