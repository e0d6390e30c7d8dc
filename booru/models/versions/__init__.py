"""Records whose every edit is kept: as which version, credited to whom, and with what links to tags.

To be read in this order: versioned, record_version, linking; credit.
"""
