"""Public notices and objections: for employers' internal publicity, results, and documents of units.

A notice freezes its lines when posted and stays at least the policy's working days. An objection holds one line
and never the others. What a cleared or struck line means for its owner is registered by the room above.
"""
