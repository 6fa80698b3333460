"""A value is lowered to segments with numbers in them. They are pure data: nothing here asks a schedule for a value."""
