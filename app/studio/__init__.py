"""What the window and the command line hold. Import from the modules: `studio`, `desk`, `checks`, `runs`."""
