"""What every page needs: a request read, an action chosen, an answer given.

Read routes and actions first, then requests and params (what came), policies and forms (may they, and is it
right), responses (what goes back); errors, error_pages, error_reports and invalid_names (what goes wrong);
time_zone.
"""
