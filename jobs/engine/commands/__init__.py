"""The subcommands of `manage.py jobs`, one subject a file."""
