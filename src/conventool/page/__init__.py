"""The local page: the commands in a browser, for one person on one machine. It calls the commands alone."""
