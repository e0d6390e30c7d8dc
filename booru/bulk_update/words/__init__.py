"""The words of searches and edits in a script, and those that would do nothing.

To be read in this order: search_text, unknown_names, search_words, edit_words, nuke_words.
"""
