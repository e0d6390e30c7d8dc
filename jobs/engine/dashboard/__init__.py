"""The pages at /jobs (behaviour H.5): what jobs there are, what runs them, and what a person can do about it.

Read answers first, then job_list and job; queues, processes, batches (with batch_row) and schedule are pages
of their own. actions gives each address one function a method, and paging shows long lists.
Their addresses are in jobs.engine.urls, and who may see them is in jobs.engine.policy.
"""
