"""A server that stands in for every outside system, for demonstrations and tests; needs no Django.

It speaks the wire contracts of `portal.connectors`, answers about any valid person with plausible
facts derived from the document number, knows some people and organisations by heart
(`register.json`), and can be told through `/_control` or the page at `/` to be slow, wrong or dead.
Run it with `python -m portal.connectors.sandbox --port 8099 --data DIR`.
"""

KEY_ID = "sandbox"
SECRET = "sandbox-secret-known-to-everybody"  # noqa: S105
ROOTS = "timestamp-roots.pem"
