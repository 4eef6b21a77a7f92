"""What embedding projects are given for their tests."""
