"""Bulk update requests as rows; their scripts are read and carried out in booru.bulk_update.

To be read in this order: bulk_update_request, bulk_update_request_manager; bulk_update_request_line,
bulk_update_failure; bulk_update_request_revert.
"""
