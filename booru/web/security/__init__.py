"""Secrets of an account: its password, resetting it, authenticator apps and backup codes.

Read urls first, then views; policies, limits and forms.
"""
