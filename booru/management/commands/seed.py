"""manage.py seed: Fill the site with people, tags, posts and requests to try it with."""
