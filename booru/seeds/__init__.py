"""People, tags, posts and requests to try the site with; run by `manage.py seed`."""
