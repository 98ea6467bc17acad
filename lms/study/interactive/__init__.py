"""What people did inside packages: statements, states and commits, and what came of them."""
