"""Pages of the roof, one module per purpose."""
