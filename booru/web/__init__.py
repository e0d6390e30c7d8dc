"""The site's pages, and the same for programs: a room a subject.

Read urls and middleware first, then http (what every page needs), limits and lists, which all rooms share.
The others: login, api, security, mailbox, forum, bulk_update_requests, posts, tags, pages, moderation,
accounts, site. Each has its urls, views, policies, forms, searches and records, and imports only from those
before it.
"""
