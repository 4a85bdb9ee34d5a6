"""Where documents lie: on a disk that all replicas share, or on S3 when a bucket is named; no web server hands out either."""

from pathlib import Path
from typing import Any

from environs import Env


def storages(env: Env, base: Path) -> dict[str, dict[str, Any]]:
    """Return Django's table of storages; the default is the private one too, so that no file can land in a public place."""
    private = _on_s3(env) if env.str("DOCUMENTS_BUCKET", default="") else _on_disk(env, base)
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    return {"default": private, "documents": private, "staticfiles": static}


def place_is_chosen(env: Env) -> bool:
    """Return whether this installation says where documents lie, instead of leaving them in the checkout."""
    return any(env.str(name, default="") for name in ("DOCUMENTS_BUCKET", "DOCUMENTS_ROOT"))


def _on_disk(env: Env, base: Path) -> dict[str, Any]:
    root = env.str("DOCUMENTS_ROOT", default="") or str(base / ".demo" / "documents")
    return {"BACKEND": "portal.documents.storage.PrivateFiles", "OPTIONS": {"location": root}}


def _on_s3(env: Env) -> dict[str, Any]:
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env.str("DOCUMENTS_BUCKET"),
            "endpoint_url": env.str("DOCUMENTS_S3_URL", default="") or None,
            "default_acl": "private",
            "file_overwrite": False,
            "querystring_auth": True,
            "max_memory_size": 8 * 1024 * 1024,
        },
    }
