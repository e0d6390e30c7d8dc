"""One address, one function for each HTTP method; the site's pages do it as the dashboard's do."""

from jobs.engine.dashboard.actions import Action, action_for, actions, actions_of

__all__ = ["Action", "action_for", "actions", "actions_of"]
