"""Applications over the API, by desk; the same domain functions as the pages call."""
