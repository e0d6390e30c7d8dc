"""What a bulk update request's script says and does: one file a command (behaviour A.5 to A.10).

To be read in this order: parser, kinds, commands; script_check, checking, words; processor, run,
line_journal; waiting; preview, dry_run and example, which show what would be done.
"""
