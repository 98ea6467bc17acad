"""Attempts at quizzes: begun, answered one question at a time, handed in, marked on the server."""
