"""Keys that everybody can read here: for demonstrations and tests only; production refuses to start with them."""

FIELD_KEY = "demo:ZGVtb25zdHJhdGlvbi1vbmx5LWZpZWxkLWtleS0wMDE="
FIELD_INDEX_KEY = "ZGVtb25zdHJhdGlvbi1vbmx5LWluZGV4LWtleS0wMDE="
