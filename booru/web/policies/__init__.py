"""Who may do what: every permission of the site (behaviour 0.5 and each resource's section)."""

__all__ = []
