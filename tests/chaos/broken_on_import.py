"""A module that cannot be imported, as after half a deployment."""

raise RuntimeError("this module is broken")
