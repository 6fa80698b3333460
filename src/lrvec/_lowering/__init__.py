"""What a value is lowered to: segments, and the numbers in them. Pure data: nothing here asks for a value."""
