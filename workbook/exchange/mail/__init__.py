"""What a mailbox, a folder or an archive holds: messages, attachments and files, told by their content, none opened."""
