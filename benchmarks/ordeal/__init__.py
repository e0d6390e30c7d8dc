"""The parts of soak.py: what it runs on, what it runs, what is done to it, and what became of it.

Read world, load, blows, run; mails and figures count, blow_table and crowding are other ways to run it.
"""
