"""From a call to a row, and from the row back to what it calls.

Read launcher (a class with options), options, modes, arguments and rows (the INSERT) for the way in; for
the way out job_classes, moved, decoding and calling.
"""
