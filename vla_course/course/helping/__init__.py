"""`hint`, `solution`, `reset` and `progress`: what a student asks for beside a check."""
