"""What is tidied up each day and week, and belongs to no other room.

To be read in this order: bulk_update_request_pruner, database_vacuum.
"""
