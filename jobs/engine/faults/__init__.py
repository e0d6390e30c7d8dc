"""What goes wrong around a job: logged once, written down in the end, and said in short.

engine_log is the engine's log; outages, persisting and unanswered are for a database that is away;
failure and long_text are words.
"""
