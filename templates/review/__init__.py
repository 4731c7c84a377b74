"""核对: what a reviewer gets beside a report, a page to click through and a docx with comments."""
