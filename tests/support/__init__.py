"""What tests of several folders share; what only one needs lies beside its tests.

To be read in this order: factories, tag_factories (records); waiting, at_once, database_clock, dying (time
and order); sample_jobs, keyed_jobs, mode_jobs; clusters and web_servers (processes); smtp_server,
unruly_server, dns_server; buttons; newcomer (a copy of the project); elsewhere (a project that has the
engine installed).
"""
