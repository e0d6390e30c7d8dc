"""What is written about tags, and posts that belong together.

To be read in this order: wiki_page, wiki_page_version; artist; pool.
"""
