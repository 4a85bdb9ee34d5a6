"""A secret ballot of a small meeting: marked and encrypted by each member, counted together, never opened one by one.

Pure cryptography: no database, no clock, no network, and no word of what is voted on. ``group`` does the arithmetic,
``proofs`` the zero-knowledge proofs, ``ceremony`` makes the scrutineers' joint key, ``casting`` one member's ballot,
``counting`` the sum and its opening. ``static/js/ballot`` speaks the same protocol in the browser, where everything
secret is made and stays; here the portal only checks. Both are held to the same test vectors. Design and threats: ``docs/ballot.md``.
"""
