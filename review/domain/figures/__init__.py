"""What is counted of the evaluation, for those who supervise it. Nobody is named here."""
