"""Which requests and lines wait for each other, by what they read and write.

To be read in this order: order, touched, touching, lock_names.
"""
