"""The loop over all samples of a file, unattended: plan, run, keep, go on after a crash."""
