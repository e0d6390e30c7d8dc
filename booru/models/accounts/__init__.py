"""Users and what belongs to their accounts.

To be read in this order: user, email_address, user_name_change_request;
login_session, user_event, api_key.
"""
