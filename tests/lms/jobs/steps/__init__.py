"""An application with a job that can be killed half-way, for workers in processes of their own."""
