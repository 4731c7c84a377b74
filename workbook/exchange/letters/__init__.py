"""Letters to the offices: what they say, as drafts that a mail program opens, and sent by SMTP."""
