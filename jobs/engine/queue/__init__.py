"""What waits, who may take it, and how it leaves.

Read scope, lanes and claims first, then holds (what may not start yet) and places (how many of a queue at
once); results and lost are the ways out. The statements are in jobs/engine/sql.
"""
