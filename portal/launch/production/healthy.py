"""The web container's health: its own /readyz, asked as the load balancer would ask. Standard library only."""

import os
import sys
import urllib.request

REQUEST = urllib.request.Request(
    "http://127.0.0.1:8000/readyz",
    headers={"Host": os.environ["ALLOWED_HOSTS"].split(",")[0], "X-Forwarded-Proto": "https"},
)

try:
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(REQUEST, timeout=5):
        sys.exit(0)
except OSError as problem:
    sys.exit(f"not ready: {problem}")
