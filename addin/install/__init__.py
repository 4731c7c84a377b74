"""The add-in and the desktop icons put where a user's programs find them, taken away again, examined."""
