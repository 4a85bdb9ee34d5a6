"""Everything outside: registers, payment, text messages, credit platforms, time stamps.

One small client per system, all over one transport (`transport.py`) that keeps time-outs, retries,
circuit breakers and signatures; `sandbox` is a server that speaks the same contracts and can be told
to fail. The wire contracts stand in `docs/decisions/`.

What a caller must do (A-46: an outage never blocks an applicant):

1. Catch `ConnectorError` and go on without the answer: let the person upload the proof, mark the fact
   as unchecked with the reason, and leave it to the agency to verify by hand. Only the identity check
   (no account is opened without it) and the search for an integrity bar may block.
2. Never take an error for "nothing known". None and the empty tuple are what a register answered; an
   error is no answer.
3. After `Unreachable` ask again later, by a deadline row or an outbox row, never in a loop. With
   `maybe_done` set, first ask whether it was done (`payment.query`, `sms.report`).
   After `Refused` or `Malformed` a repetition is useless: fall back, and let a person look.
4. Call outside of a transaction, or before its first lock: one call may take `Way.patience` seconds.
   Several registers in a row are asked in a task, not while a page waits.
5. Believe a payment notice only through `payment.read_notice`, and compare amount and time with the
   order in the same transaction that takes it into effect.
"""
