"""The suite: stories, properties and cases, in rooms that mirror the product's."""
