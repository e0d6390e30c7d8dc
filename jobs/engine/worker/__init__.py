"""One process that runs jobs, one after the other.

Read shifts (claim and run for a second), execution (one attempt), this_process (who it is) and lingering
(waiting for the next job). clean_slate with process_state, session_statements and open_transactions
leaves no trace of a job; interrupting and error_words deal with code of others, only_here with forks,
deploys with classes not known yet.
"""
