"""Tests of knowledge: the bank of questions, the papers drawn from it, marking."""
