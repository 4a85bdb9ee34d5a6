"""Words that are themselves signed, the same for every reader: they are never translated and never changed."""

DEMONSTRATION = "样章 仅供演示 DEMONSTRATION ONLY"
"""The organisation in certificates that are made for demonstrations and tests; production refuses them."""
ROOT_CERTIFICATE = "根证书 Root"
SEALING_CERTIFICATE = "职称证书专用章 Title Certificates"
LEVELS = ("正高级", "副高级", "中级", "助理级", "员级", "高级", "初级")
"""Tokens tell a level by its place here; a new one goes to the end. A level that is not here is told in words."""
