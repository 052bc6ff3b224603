"""Reference data: topics and other taxonomies, national helplines, postcode sectors. Loaded always."""
