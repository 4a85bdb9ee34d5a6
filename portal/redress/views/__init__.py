"""Pages of review requests by desk."""
