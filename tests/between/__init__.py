"""A site with what operators put in between: a pooler before its database, web servers before itself."""
