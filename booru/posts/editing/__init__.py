"""One edit on many posts: the same rows come out as if each post had been saved by itself.

To be read in this order: editor, batch, drafts; tag_facts, derived_tags, file_tags;
edit_warnings, edit_result.
"""
