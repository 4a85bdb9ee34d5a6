"""One person's application: archive, draft, evidence, submission, the employer's check, publicity and recommendation."""
