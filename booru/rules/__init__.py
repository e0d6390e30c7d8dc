"""What names and texts may be; it knows no database.

To be read in this order: text and truth_values (what people type); tag_names and metatags; user_names,
pool_names, other_names and artist_urls; wiki_links; tag_words, tag_lists and blacklists (tags in users'
settings); time_zones; one_time_codes and copyright_complaint; field_errors, which tells all that is wrong.
"""
