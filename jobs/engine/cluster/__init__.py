"""The processes that stay alive, and keep each other so.

Read master, which keeps up the sentinel, then sentinel, which keeps up all others: tickets for the
workers, heartbeat and housekeeping once a second, watchdog, memory. file_lock, forks and group_signals
speak to the system.
"""
