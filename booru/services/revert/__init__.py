"""Undoes an applied bulk update request, and keeps what others have changed since."""
