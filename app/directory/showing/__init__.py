"""What is told of a listing, in words: for every page that shows one."""
