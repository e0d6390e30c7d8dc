"""Programs that measure: those that one types, the parts of each in a folder, what they share in support."""
