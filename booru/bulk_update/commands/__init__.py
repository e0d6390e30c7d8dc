"""The commands of a script: what each says and does, a file each.

To be read in this order: create_alias, create_implication, remove_alias, remove_implication, rename;
mass_update, nuke, convert; category, deprecate, undeprecate; invalid_line.
"""
