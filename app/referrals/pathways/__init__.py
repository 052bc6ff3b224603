"""What a pathway says, as data: whom it is for, what is asked, its stages, clocks, checklists and letters."""
