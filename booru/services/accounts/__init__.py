"""What happens to an account from its first day to its last.

To be read in this order: signup, passwords, two_factor, api_keys, email_change, name_changes, user_settings,
promotions; security_notices tells the user of it; user_deletion, user_data_deletion and
login_session_expiry end things.
"""
