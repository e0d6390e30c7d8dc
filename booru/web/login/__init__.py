"""Who is it? Logging in and out, signing up, entering the password again, and what is remembered of it.

Read urls and views/sessions first, then login_checks (who is let in), login_limits, second_step, log_in and
login_sessions; reauthentication and own_pages guard pages; user_events, known_places and suspicious_signups
remember and warn.
"""
