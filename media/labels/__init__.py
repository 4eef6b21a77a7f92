"""What things are: labels measured from sound and picture, each with an open-set bar."""
