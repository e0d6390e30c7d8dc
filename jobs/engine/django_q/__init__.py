"""What users of django-q2 itself see: their tasks, schedules and signals work as they know them.

Read tasks, then schedules and signals.
"""
