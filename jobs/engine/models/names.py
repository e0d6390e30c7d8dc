"""Job classes in words."""

import re


def words(job_class: str) -> str:
    """The class name in words without a final "Job": `jobs.mail.MailDeliveryJob` is "Mail Delivery"."""
    name = job_class.rsplit(".", 1)[-1].removesuffix("Job")
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_", " ", name)


def is_path(path: str) -> bool:
    """May it be the dotted path of a class or function?"""
    module, _, name = path.rpartition(".")
    return bool(module) and all(part.isidentifier() for part in (*module.split("."), name))
