"""The form of many pages: the sheet a person fills in, its paging, drawing and reading back."""
