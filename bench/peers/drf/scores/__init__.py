"""The scores API, with Django REST framework."""
