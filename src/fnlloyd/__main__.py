"""`python -m fnlloyd` is `fnlloyd`."""

from fnlloyd.cli.main import main

if __name__ == "__main__":
    main()
