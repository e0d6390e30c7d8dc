"""What a bulk update request's script says and does: one file a command (behaviour A.5 to A.10)."""
