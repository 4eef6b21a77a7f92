"""Tests of the benchmark: statistics, facts, scoring, the mechanism run and the critic's cases."""
