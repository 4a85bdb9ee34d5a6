"""Tables of the room: the log of everything that ever happened to a certificate."""

from certificates.models.transparency import LogCheckpoint, LogLeaf, LogNode, LogStamp

__all__ = ["LogCheckpoint", "LogLeaf", "LogNode", "LogStamp"]
