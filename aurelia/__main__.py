"""`python -m aurelia` is the command line."""

from aurelia.cli.main import main

if __name__ == "__main__":
    main()
