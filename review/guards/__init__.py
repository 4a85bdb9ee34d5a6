"""What must hold before a step, a file for each process; every refusal says what to do and on which rule."""
