"""The parts of bulk_update.py: what is measured (cases, board), beside what (plain, post_by_post), and how.

Read cases, run, steps, report.
"""
