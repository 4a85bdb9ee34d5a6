"""Pages of files, and the protocol of uploads that can be resumed."""
