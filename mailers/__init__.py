"""Emails: what they say, how they get away, what became of them.

To be read in this order: user_mailer and security_notices (the emails), base and mail, models (their record);
content/, sending/, tracking/; webhooks and reports, by which providers tell; retention. Settings name smtp
and console.
"""
