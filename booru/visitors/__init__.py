"""Who is at the other end of a request, and how long they may keep the database busy.

To be read in this order: networks, browsers, reach; time_limits.
"""
