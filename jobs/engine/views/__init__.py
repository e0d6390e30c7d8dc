"""The dashboard (behaviour H.5): what jobs there are, what runs them, and what a person can do about it."""
