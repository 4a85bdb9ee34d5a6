"""Agency check, fee, defence, experts, committee, ballot, acceptance: what follows the recommendation."""
