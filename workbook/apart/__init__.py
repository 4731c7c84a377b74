"""Work that may fail badly is done apart: in a process of its own, with limits on its time and its memory."""
