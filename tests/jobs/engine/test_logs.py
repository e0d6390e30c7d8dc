import logging

from jobs.engine.logs import QueryFilter


def request_line(line):
    record = logging.LogRecord("django.server", logging.INFO, "", 0, '"%s" %s %s', (line, "200", 5), None)
    assert QueryFilter().filter(record)
    return record.getMessage()


def test_the_development_server_logs_no_queries():
    assert request_line("GET /a/b?user[signed_id]=x&c=d HTTP/1.1") == '"GET /a/b HTTP/1.1" 200 5'
    assert request_line("GET /a/b HTTP/1.1") == '"GET /a/b HTTP/1.1" 200 5'
    assert [type(one) for one in logging.getLogger("django.server").filters] == [QueryFilter]
