"""Jobs without workers of their own: in the process that enqueues them.

inline performs them at once, with inline_heart as its heartbeat; threads starts a thread_pool, a small
cluster.
"""
