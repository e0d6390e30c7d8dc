"""What every page needs: a request read, an action chosen, an answer given.

Read routes and actions first, then requests and params (what came), policies and forms (may they, and is it
right), responses (what goes back); errors, error_pages, error_reports and invalid_names (what goes wrong);
time_zone; utf8_request, before all of them; strangers_log and server_log, what is written of it.
"""
