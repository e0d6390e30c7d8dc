"""The parts of jobs.py: how much is measured (plan), one repetition of a contender (rounds), and the report.

agent is the process that enqueues and looks, wire counts statements, work is what every contender does.
"""
