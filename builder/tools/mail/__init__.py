"""Mailing: the finished PDF to each of many people, as drafts to look at or over SMTP."""
