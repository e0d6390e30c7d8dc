import os
import time

from jobs.engine.models.ids import uuid7
from jobs.engine.models.names import words


def test_an_id_is_a_version_7_uuid_of_this_moment():
    before = time.time_ns() // 1_000_000
    new = uuid7()
    assert new.version == 7
    assert new.variant == "specified in RFC 4122"
    assert before <= new.int >> 80 <= time.time_ns() // 1_000_000


def test_ids_of_one_process_sort_as_they_were_made():
    ids = [uuid7() for _ in range(10_000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)


def test_a_fork_makes_other_ids():
    read, write = os.pipe()
    uuid7()
    if os.fork() == 0:
        os.write(write, uuid7().bytes)
        os._exit(0)
    mine = uuid7()
    os.wait()
    assert os.read(read, 16) != mine.bytes


def test_class_names_in_words():
    assert words("jobs.bulk_update_requests.ProcessBulkUpdateRequestJob") == "Process Bulk Update Request"
    assert words("jobs.mail.MailDeliveryJob") == "Mail Delivery"
    assert words("math.copysign") == "copysign"
