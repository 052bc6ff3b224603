"""Courses, groups and places in them: booking, waiting lists, attendance, calendars."""
