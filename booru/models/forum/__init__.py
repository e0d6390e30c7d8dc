"""The forum, where bulk update requests are discussed and voted on.

To be read in this order: forum_topic, forum_post; forum_post_vote, forum_mentions, forum_topic_visit.
"""
