"""What moderators do: bans, feedback, reports, and the record of their actions.

Read urls first, then views; chosen_user is whom a form is about; policies, limits, forms, searches, records.
"""
