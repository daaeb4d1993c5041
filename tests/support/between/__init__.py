"""What operators put in between: a pooler before the database, web servers before the site. Real ones."""
