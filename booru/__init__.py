"""The site: posts, tags, users, the forum, and bulk update requests, as Danbooru has them.

From what people see to what it stands on: urls and web; services and bulk_update, posts, models; dtext and
search, rules and visitors, email_addresses. settings are read from the environment, with secret_key and
embedded_postgres for a site that has none. management are the commands; seeds and demo try the site out.
"""
