"""The portal as it runs: separate processes against one database, so that they can be killed and measured."""
