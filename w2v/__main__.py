"""`python -m w2v`: the command line without a script on the PATH."""

from w2v.cli.main import main

if __name__ == "__main__":
    main()
