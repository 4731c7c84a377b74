"""The command line: everything the ribbon does, without Excel."""
