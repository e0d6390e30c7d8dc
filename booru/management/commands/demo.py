"""manage.py demo: Run the site and show its main job from end to end."""
