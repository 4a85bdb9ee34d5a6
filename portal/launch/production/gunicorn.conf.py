"""The web server in production: threads, as a request waits for the database more than it computes."""

import os

bind = "0.0.0.0:8000"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# Loaded once and shared by the workers, which then start at once and need less memory.
preload_app = True
# The root file system is read-only; workers beat their hearts in memory.
worker_tmp_dir = "/dev/shm"  # noqa: S108
control_socket_disable = True
timeout = 60
graceful_timeout = 30
keepalive = 5
# A slow leak ends with its worker, and not all workers at once.
max_requests = 5000
max_requests_jitter = 500
accesslog = "-"
# No query strings: they could carry what a person typed into a search.
access_log_format = "%({x-forwarded-for}i)s %(m)s %(U)s %(s)s %(B)s %(D)sus"
